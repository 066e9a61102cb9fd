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
    private readonly EvictedRanges _evicted;
    private ReportedLosses? _reported;

    // The newest event that was pushed out by others and kept, as it is critical.
    private long _keptThrough;

    // Of latest-wins types (which are never critical), which event held is the newest of its key. Kept up to date by each append and removal, so that a subscribe need not
    // look for them through all that is held.
    private Dictionary<LatestKey, long>? _newest;

    /// <param name="options">The budgets.</param>
    /// <param name="criticalLost">Called for each critical event at the moment nothing holds it any more.</param>
    /// <param name="behind">Up to this sequence nothing was ever held here, whatever it was; 0 for a log that begins here.</param>
    public EventHistory(HistoryOptions options, Action<StreamEvent> criticalLost, long behind = 0)
    {
        _capacity = options.Capacity;
        _maxBytes = options.MaxBytes;
        _criticalCapacity = options.CriticalCapacity;
        _criticalMaxBytes = options.CriticalMaxBytes;
        _criticalLost = criticalLost;
        _evicted = new EvictedRanges(behind);
        CriticalLostThrough = behind;
    }

    public int Count => _recent.Count + _critical.Count;

    public long Bytes => _recent.Bytes + _critical.Bytes;

    /// <summary>The highest sequence of a critical event that is no longer held; 0 when none was ever lost.</summary>
    public long CriticalLostThrough { get; private set; }

    /// <summary>Notes what was lost before it could be appended: behind all that was appended and noted so far.</summary>
    public void Lose(in ReportedLoss loss) => (_reported ??= new ReportedLosses()).Add(loss);

    /// <summary>
    /// What is missing behind one sequence and not behind another, with nothing held in between; null when there is nothing but places that nothing ever
    /// had here.
    /// </summary>
    /// <param name="after">The one sequence.</param>
    /// <param name="through">The other.</param>
    /// <param name="onlyCritical">Whether Normal events are no loss.</param>
    public Gap? FindLoss(long after, long through, bool onlyCritical)
    {
        if (after >= through)
        {
            return null;
        }

        ReportedLoss? evicted = (!onlyCritical || CriticalLostThrough > after) && _evicted.TryFind(after, through, out var range)
            ? new ReportedLoss(range.Within(after, through), GapReason.Evicted, MayBeCritical: true)
            : null;
        var reported = _reported?.Find(after, through, onlyCritical);
        if ((evicted ?? reported) is not { } loss)
        {
            return null;
        }

        // One place, one gap: whatever is missing there.
        if (evicted is not null && reported is { } other)
        {
            loss = loss.Range.From <= other.Range.From ? loss.Join(other) : other.Join(loss);
        }

        var (from, to) = (loss.Range.From, loss.Range.To);
        return new Gap(from, to, Math.Min(loss.Range.Count, to - from + 1), loss.Reason);
    }

    /// <summary>Whether anything behind a sequence is missing.</summary>
    public bool HasLost(long after, bool onlyCritical) =>
        (onlyCritical ? CriticalLostThrough : _evicted.Through) > after || _reported?.Find(after, long.MaxValue, onlyCritical) is not null;

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
            LoseOldest();
        }

        while (_recent.Count > 0 && _recent[0].Sequence <= sequence)
        {
            var item = _recent.RemoveFirst();
            _evicted.AddNewest(item.Sequence, _keptThrough);
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

    /// <summary>Reads what is held behind a sequence, in order. Valid until the history next changes.</summary>
    public Reader ReadAfter(long sequence) => new(this, _critical.IndexAfter(sequence), _recent.IndexAfter(sequence));

    private void PushOut()
    {
        var item = _recent.RemoveFirst();
        if (!item.IsCritical)
        {
            _evicted.AddNewest(item.Sequence, _keptThrough);
            Forget(item);
            return;
        }

        _critical.Append(item);
        _keptThrough = item.Sequence;
        while (_critical.Count > _criticalCapacity || _critical.Bytes > _criticalMaxBytes)
        {
            LoseOldest();
        }
    }

    private void LoseOldest()
    {
        var item = _critical.RemoveFirst();
        _evicted.AddOldest(item.Sequence, next: _critical.Count > 0 ? _critical[0].Sequence : long.MaxValue);
        Lose(item);
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
