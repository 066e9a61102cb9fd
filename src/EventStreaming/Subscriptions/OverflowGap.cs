using System.Runtime.InteropServices;

namespace EventStreaming;

/// <summary>Normal events dropped one after another for want of room, until that is reported. Not thread-safe: the topic's lock guards it.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct OverflowGap
{
    private long _from;
    private DateTimeOffset _time;

    public long To { get; private set; }

    public long Count { get; private set; }

    public readonly bool IsOpen => Count > 0;

    public void Add(StreamEvent dropped)
    {
        if (Count == 0)
        {
            _from = dropped.Sequence;
        }

        To = dropped.Sequence;
        _time = dropped.Time;
        Count++;
    }

    /// <summary>Adds a later gap, when nothing between the two is left.</summary>
    public void Join(in OverflowGap later)
    {
        To = later.To;
        _time = later._time;
        Count += later.Count;
    }

    public readonly StreamEvent ToEvent(EventOrigin origin) =>
        ControlEvents.Create(origin, To, _time, ControlEvents.GapType, new Gap(_from, To, Count, GapReason.Overflow));
}
