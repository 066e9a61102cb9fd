using System.Globalization;
using EventStreaming;
using Indexing;

namespace ConsoleHost.Views;

/// <summary>
/// A reader that cannot keep up: it reads nothing until many further events have been published, and then all there is. Tells what that does to
/// it: Normal events are dropped, which a gap reports; critical ones it gets all, late, from history.
/// </summary>
internal sealed class SlowReader
{
    /// <summary>How many events it lets pass before it reads again.</summary>
    private const int Pace = 200;

    /// <summary>How many events may wait before Normal ones are dropped.</summary>
    private const int NormalRoom = 8;

    private readonly Transcript _transcript;
    private readonly PublishedTally _published;
    private readonly SequenceGate _gate = new();
    private readonly EventSubscription _pacer;
    private readonly List<Gap> _gaps = [];
    private long _position;
    private long _critical;
    private int _gapCount;
    private int _catchUps;

    public SlowReader(EventBus bus, string topic, int workers, PublishedTally published, Transcript transcript)
    {
        _transcript = transcript;
        _published = published;

        // A worker publishes at most three critical events in a row. With a reserve above that for all of them, a full channel meets a Normal
        // event, and drops it, before it meets a critical one that does not fit: so there is a gap to see, and then catching up.
        var reserve = 8 + (4 * workers);
        Watch = new Watch(bus, new SubscriptionOptions
        {
            Topic = topic,
            From = EventCursor.Start,
            IncludeWorkers = true,
            Capacity = NormalRoom + reserve,
            CriticalReserve = reserve,
            Name = "slow reader",
        });
        _pacer = bus.Subscribe(
            new SubscriptionOptions { Topic = topic, From = EventCursor.Start, IncludeWorkers = true, Name = "pacer" },
            (item, _) =>
            {
                _gate.Advance(item.Sequence);
                return ValueTask.CompletedTask;
            });
    }

    public Watch Watch { get; }

    /// <summary>Reads, slowly, until there is nothing more to come.</summary>
    public async Task ReadAsync()
    {
        var pacing = OpenWhenOverAsync();
        while (await _gate.WaitAsync(_position + Pace))
        {
            WakeUp();
            ReadWhatThereIs();
            GoBackToSleep();
        }

        WakeUp();
        await Watch.ReadAsync(Show);
        GoBackToSleep();
        await pacing;
        var missing = _published.Critical - _critical;
        if (missing == 0)
        {
            Line($"got all {_critical:N0} critical events, was told of {Counted.Of(_gapCount, "gap")} and caught up from history {Counted.Of(_catchUps, "time")}");
        }
        else
        {
            Line($"did not get {missing:N0} of {_published.Critical:N0} critical events: history was too short; raise History.CriticalCapacity");
        }
    }

    private async Task OpenWhenOverAsync()
    {
        await _pacer.Completion;
        _gate.Open();
    }

    private void WakeUp()
    {
        var isLagging = Watch.Current.IsLagging;
        _catchUps += isLagging ? 1 : 0;
        Line($"wakes up {_gate.Sequence - _position:N0} events behind, {(isLagging ? "lagging: it catches up from history" : "still live")}");
    }

    private void GoBackToSleep()
    {
        if (_gaps.Count > 0)
        {
            Line($"is told of {Counted.Of(_gaps.Count, "gap")}: {Counted.Of(_gaps.Sum(static gap => gap.Count), "event")} lost between #{_gaps[0].From} and #{_gaps[^1].To}");
        }

        Line($"has caught up at #{_position}");
        _gapCount += _gaps.Count;
        _gaps.Clear();
    }

    private void ReadWhatThereIs()
    {
        do
        {
            while (Watch.Current.TryRead(out var item))
            {
                Show(item);
            }
        }
        while (Watch.TryResume());
    }

    private void Show(StreamEvent item)
    {
        _position = item.Sequence;
        _critical += item.IsCritical ? 1 : 0;
        if (item.Data is Gap gap)
        {
            _gaps.Add(gap);
        }
    }

    private void Line(FormattableString text) => _transcript.Line($"[{Watch.Name}] {text.ToString(CultureInfo.InvariantCulture)}");
}
