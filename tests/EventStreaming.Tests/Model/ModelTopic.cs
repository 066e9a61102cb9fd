namespace EventStreaming.Tests.Model;

/// <summary>
/// A topic as a plain list of everything ever published to it. What it still holds is worked out anew from that list and the limits:
/// nothing is pushed out, moved or counted along.
/// </summary>
internal sealed class ModelTopic(string name, string epoch, HistoryOptions limits, TimeSpan now)
{
    private readonly List<(TimeSpan At, long Through)> _ages = [];
    private long _agedThrough;
    private long _headAtSweep;
    private IReadOnlyList<ModelEvent>? _held;

    public string Name => name;

    public string Epoch => epoch;

    public List<ModelEvent> Log { get; } = [];

    /// <summary>Who reads here, live or lagging.</summary>
    public List<ModelPlace> Places { get; } = [];

    public TimeSpan IdleSince { get; private set; } = now;

    public long Head => Log.Count;

    public bool IsClosed { get; set; }

    public bool IsWatched => Places.Exists(static place => !place.Reader.IsShared);

    public bool IsCompleted => Log.FindLast(static item => !item.FromWorker) is { Terminal: true };

    /// <summary>The newest events within the limits, behind the newest critical ones that the limits pushed out of those.</summary>
    public IReadOnlyList<ModelEvent> Held => _held ??= FindHeld();

    /// <summary>The newest critical event that is no longer held; 0 when there is none.</summary>
    public long CriticalLostThrough
    {
        get
        {
            var held = Held.Select(static item => item.Sequence).ToHashSet();
            return Log.FindLast(item => item.Critical && !held.Contains(item.Sequence))?.Sequence ?? 0;
        }
    }

    public void Append(ModelEvent item) => Change(() => Log.Add(item));

    /// <summary>Whether the topic is due to be closed, because it was idle for too long.</summary>
    public bool Sweep(TimeSpan now, TimeSpan idleTimeout)
    {
        foreach (var (at, through) in _ages)
        {
            if (now - at >= limits.MaxAge && through > _agedThrough)
            {
                Change(() => _agedThrough = through);
            }
        }

        if (Head != _headAtSweep)
        {
            _ages.Add((now, Head));
            _headAtSweep = Head;
            IdleSince = now;
        }
        else if (IsWatched)
        {
            IdleSince = now;
        }

        return !IsWatched && now - IdleSince >= idleTimeout;
    }

    private void Change(Action change)
    {
        var before = Held;
        change();
        _held = null;
        foreach (var lost in before.Where(item => item.Critical && !Held.Contains(item)))
        {
            foreach (var place in Places.ToList())
            {
                place.OnCriticalLost(lost);
            }
        }
    }

    private List<ModelEvent> FindHeld()
    {
        var young = Log.Skip((int)_agedThrough).Reverse().ToList();
        var newest = Within(young, limits.Capacity, limits.MaxBytes);
        if (newest.Count == 0 && young.Count > 0)
        {
            newest.Add(young[0]);
        }

        var criticalBehind = young.Skip(newest.Count).Where(static item => item.Critical).ToList();
        return [.. Within(criticalBehind, limits.CriticalCapacity, limits.CriticalMaxBytes).AsEnumerable().Reverse(), .. newest.AsEnumerable().Reverse()];
    }

    private static List<ModelEvent> Within(List<ModelEvent> newestFirst, int count, long bytes)
    {
        var taken = new List<ModelEvent>();
        foreach (var item in newestFirst)
        {
            if (taken.Count == count || bytes < item.Size)
            {
                break;
            }

            bytes -= item.Size;
            taken.Add(item);
        }

        return taken;
    }
}
