using System.Runtime.InteropServices;

namespace EventStreaming;

/// <summary>
/// What a history no longer holds: a range for each stretch of evicted events with none between them that is held. So there is at most one
/// more of them than events are held on the critical budget. It is noted because it cannot be worked out from what is held: sequences may have holes
/// where nothing ever was. Not thread-safe: its topic's lock guards it.
/// </summary>
internal sealed class EvictedRanges
{
    private const int KeptLength = 16;

    private readonly List<LostRange> _ranges = [];

    // Those before it are forgotten; they are removed when they are half of the list, so that removing one costs no copy of the rest.
    private int _first;

    /// <param name="behind">Everything up to this sequence never came; 0 for a log that begins here.</param>
    public EvictedRanges(long behind)
    {
        if (behind > 0)
        {
            _ranges.Add(new LostRange(1, behind, behind));
        }
    }

    /// <summary>The highest sequence evicted; 0 when there is none.</summary>
    public long Through => _ranges.Count == 0 ? 0 : _ranges[^1].To;

    /// <summary>Notes an event that was newer than all evicted before.</summary>
    /// <param name="sequence">The event.</param>
    /// <param name="kept">The newest event before it that was not evicted when its turn came; 0 when there is none.</param>
    public void AddNewest(long sequence, long kept)
    {
        if (_ranges.Count == 0 || Through < kept)
        {
            _ranges.Add(new LostRange(sequence, sequence, 1));
            return;
        }

        ref var newest = ref CollectionsMarshal.AsSpan(_ranges)[^1];
        newest = new LostRange(newest.From, sequence, newest.Count + 1);
    }

    /// <summary>Notes an event that was the oldest held.</summary>
    /// <param name="sequence">The event.</param>
    /// <param name="next">The oldest event held now.</param>
    public void AddOldest(long sequence, long next)
    {
        var lost = new LostRange(sequence, sequence, 1);
        if (_first < _ranges.Count && _ranges[_first].To < sequence)
        {
            lost = _ranges[_first++].Join(lost);
        }

        if (_first < _ranges.Count && _ranges[_first].From < next)
        {
            lost = lost.Join(_ranges[_first++]);
        }

        if (_first > 0)
        {
            _ranges[--_first] = lost;
        }
        else
        {
            // Once in a history's life: from now on there is a range before the oldest event.
            _ranges.Insert(0, lost);
        }

        if (_first > _ranges.Count / 2)
        {
            Trim();
        }
    }

    /// <summary>The range of which something is behind one sequence and not behind another, with nothing held in between.</summary>
    public bool TryFind(long after, long through, out LostRange range)
    {
        int low = _first, high = _ranges.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_ranges[middle].To <= after)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        range = low < _ranges.Count ? _ranges[low] : default;
        return low < _ranges.Count && range.From <= through;
    }

    private void Trim()
    {
        _ranges.RemoveRange(0, _first);
        _first = 0;
        if (_ranges.Count == 1 && _ranges.Capacity > KeptLength)
        {
            // All the critical events are gone: an idle topic shall not hold on to the room of its busiest hour.
            _ranges.Capacity = KeptLength;
        }
    }
}
