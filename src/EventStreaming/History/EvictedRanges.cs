namespace EventStreaming;

/// <summary>
/// What a history no longer holds: a range for each stretch of evicted events with none between them that is held. So there is at most one
/// more of them than events are held on the critical budget. It is noted because it cannot be worked out from what is held: sequences may have holes
/// where nothing ever was. Not thread-safe: its topic's lock guards it.
/// </summary>
/// <param name="behind">Everything up to this sequence never came; 0 for a log that begins here.</param>
internal sealed class EvictedRanges(long behind)
{
    private const int KeptLength = 16;

    private readonly List<LostRange> _earlier = [];

    // Those before it are forgotten; they are removed when they are half of the list, so that removing one costs no copy of the rest.
    private int _first;

    // Apart from the others, because most publishes to a full history only make this one longer. Without a count there is none.
    private LostRange _newest = new(Math.Min(1, behind), behind, behind);

    /// <summary>The highest sequence evicted; 0 when there is none.</summary>
    public long Through => _newest.To;

    private LostRange First => _first < _earlier.Count ? _earlier[_first] : _newest;

    /// <summary>Notes an event that was newer than all evicted before.</summary>
    /// <param name="sequence">The event.</param>
    /// <param name="kept">The newest event before it that was not evicted when its turn came; 0 when there is none.</param>
    public void AddNewest(long sequence, long kept)
    {
        if (_newest.Count > 0 && _newest.To >= kept)
        {
            _newest.To = sequence;
            _newest.Count++;
        }
        else
        {
            AddLast(LostRange.Of(sequence));
        }
    }

    /// <summary>Notes an event that was the oldest held.</summary>
    /// <param name="sequence">The event.</param>
    /// <param name="next">The oldest event held now.</param>
    public void AddOldest(long sequence, long next)
    {
        var lost = LostRange.Of(sequence);
        if (First is { Count: > 0 } before && before.To < sequence)
        {
            lost = before.Join(lost);
            RemoveFirst();
        }

        if (First is { Count: > 0 } after && after.From < next)
        {
            lost = lost.Join(after);
            RemoveFirst();
        }

        AddFirst(lost);
    }

    /// <summary>The range of which something is behind one sequence and not behind another, with nothing held in between.</summary>
    public bool TryFind(long after, long through, out LostRange range)
    {
        int low = _first, high = _earlier.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_earlier[middle].To <= after)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        range = low < _earlier.Count ? _earlier[low] : _newest;
        return range.To > after && range.From <= through;
    }

    private void AddLast(in LostRange range)
    {
        if (_newest.Count > 0)
        {
            _earlier.Add(_newest);
        }

        _newest = range;
    }

    private void AddFirst(in LostRange range)
    {
        if (_newest.Count == 0)
        {
            _newest = range;
        }
        else if (_first > 0)
        {
            _earlier[--_first] = range;
        }
        else
        {
            // Once in a history's life: from now on there is a range before the oldest event.
            _earlier.Insert(0, range);
        }

        if (_first > _earlier.Count / 2)
        {
            Trim();
        }
    }

    private void RemoveFirst()
    {
        if (_first < _earlier.Count)
        {
            _first++;
        }
        else
        {
            _newest = default;
        }
    }

    private void Trim()
    {
        _earlier.RemoveRange(0, _first);
        _first = 0;
        if (_earlier.Count == 0 && _earlier.Capacity > KeptLength)
        {
            // All the critical events are gone: an idle topic shall not hold on to the room of its busiest hour.
            _earlier.Capacity = KeptLength;
        }
    }
}
