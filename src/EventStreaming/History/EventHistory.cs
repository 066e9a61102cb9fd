namespace EventStreaming;

/// <summary>
/// What a topic remembers: the newest events of any kind, and behind them the critical ones that would have been pushed out.
/// Every sequence in the second ring is lower than every one in the first. Not thread-safe: its topic's lock guards it.
/// </summary>
internal sealed class EventHistory
{
    private readonly int _capacity;
    private readonly long _maxBytes;
    private readonly int _criticalCapacity;
    private readonly long _criticalMaxBytes;
    private readonly Action<StreamEvent> _criticalLost;
    private readonly EventRing _recent = new();
    private readonly EventRing _critical = new();

    // Of latest-wins types (which are never critical), which event held is the newest of its key. Kept up to date by each append and removal, so that a subscribe need not
    // look for them through all that is held.
    private Dictionary<LatestKey, long>? _newest;

    /// <param name="options">The budgets.</param>
    /// <param name="criticalLost">Called for each critical event at the moment nothing holds it any more.</param>
    public EventHistory(HistoryOptions options, Action<StreamEvent> criticalLost)
    {
        _capacity = options.Capacity;
        _maxBytes = options.MaxBytes;
        _criticalCapacity = options.CriticalCapacity;
        _criticalMaxBytes = options.CriticalMaxBytes;
        _criticalLost = criticalLost;
    }

    public int Count => _recent.Count + _critical.Count;

    public long Bytes => _recent.Bytes + _critical.Bytes;

    /// <summary>The highest sequence of a critical event that is no longer held; 0 when none was ever lost.</summary>
    public long CriticalLostThrough { get; private set; }

    public void Append(StreamEvent item)
    {
        // Room first, so that the ring never needs more than its capacity. The newest event is kept whatever its size.
        while (_recent.Count > 0 && (_recent.Count >= _capacity || _recent.Bytes + item.Size > _maxBytes))
        {
            PushOut();
        }

        _recent.Append(item);
        if (item.Has(EventTraits.LatestWins))
        {
            (_newest ??= [])[LatestKey.Of(item)] = item.Sequence;
        }
    }

    /// <summary>Whether an event that is held, of a latest-wins type, is the newest of its key.</summary>
    public bool IsNewest(StreamEvent item) => _newest is not null && _newest.TryGetValue(LatestKey.Of(item), out var newest) && newest == item.Sequence;

    /// <summary>The newest of each key among those events that pass a filter; null when no latest-wins event is held. Looks at all that is held.</summary>
    public Dictionary<LatestKey, long>? FindNewest(EventFilter filter)
    {
        if (_newest is null)
        {
            return null;
        }

        var newest = new Dictionary<LatestKey, long>();
        var reader = ReadAfter(0);
        while (reader.TryNext(out var item))
        {
            if (item.Has(EventTraits.LatestWins) && filter.Matches(item))
            {
                newest[LatestKey.Of(item)] = item.Sequence;
            }
        }

        return newest;
    }

    /// <summary>The newest event held that belongs to what is watched.</summary>
    public StreamEvent? FindLast(EventFilter filter) => FindLast(_recent, filter) ?? FindLast(_critical, filter);

    /// <summary>Forgets everything up to a sequence: it has become too old.</summary>
    public void EvictThrough(long sequence)
    {
        while (_critical.Count > 0 && _critical[0].Sequence <= sequence)
        {
            Lose(_critical.RemoveFirst());
        }

        while (_recent.Count > 0 && _recent[0].Sequence <= sequence)
        {
            var item = _recent.RemoveFirst();
            if (item.IsCritical)
            {
                Lose(item);
            }
            else
            {
                Forget(item);
            }
        }
    }

    /// <summary>How many events behind a sequence are held.</summary>
    public long CountAfter(long sequence) =>
        _critical.Count - _critical.IndexAfter(sequence) + (_recent.Count - _recent.IndexAfter(sequence));

    /// <summary>Reads what is held behind a sequence, in order. Valid until the history next changes.</summary>
    public Reader ReadAfter(long sequence) => new(this, _critical.IndexAfter(sequence), _recent.IndexAfter(sequence));

    private void PushOut()
    {
        var item = _recent.RemoveFirst();
        if (!item.IsCritical)
        {
            Forget(item);
            return;
        }

        _critical.Append(item);
        while (_critical.Count > _criticalCapacity || _critical.Bytes > _criticalMaxBytes)
        {
            Lose(_critical.RemoveFirst());
        }
    }

    private void Lose(StreamEvent item)
    {
        CriticalLostThrough = item.Sequence;
        _criticalLost(item);
    }

    private void Forget(StreamEvent item)
    {
        if (!item.Has(EventTraits.LatestWins) || !IsNewest(item))
        {
            return;
        }

        _newest!.Remove(LatestKey.Of(item)); // Its newest is there.
        if (_newest.Count == 0)
        {
            _newest = null;
        }
    }

    private static StreamEvent? FindLast(EventRing ring, EventFilter filter)
    {
        for (var i = ring.Count - 1; i >= 0; i--)
        {
            if (filter.IsInScope(ring[i]))
            {
                return ring[i];
            }
        }

        return null;
    }

    internal ref struct Reader(EventHistory history, int criticalIndex, int recentIndex)
    {
        private int _criticalIndex = criticalIndex;
        private int _recentIndex = recentIndex;

        public bool TryNext([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StreamEvent? item)
        {
            if (_criticalIndex < history._critical.Count)
            {
                item = history._critical[_criticalIndex++];
                return true;
            }

            if (_recentIndex < history._recent.Count)
            {
                item = history._recent[_recentIndex++];
                return true;
            }

            item = null;
            return false;
        }
    }
}
