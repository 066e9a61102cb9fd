namespace EventStreaming;

/// <summary>
/// A queue of events in sequence order that can also be read in the middle. Appending and removing are O(1): it grows by
/// doubling up to what it ever has to hold, and is never copied to trim it. Not thread-safe: its topic's lock guards it.
/// </summary>
internal sealed class EventRing
{
    private const int InitialLength = 16;

    private StreamEvent?[] _items = [];
    private int _first;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public StreamEvent this[int index] => _items[(_first + index) & (_items.Length - 1)]!; // Within Count, so set.

    public void Append(StreamEvent item)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        _items[(_first + Count) & (_items.Length - 1)] = item;
        Count++;
        Bytes += item.Size;
    }

    public StreamEvent RemoveFirst()
    {
        var item = this[0];
        _items[_first] = null;
        _first = (_first + 1) & (_items.Length - 1);
        Count--;
        Bytes -= item.Size;
        if (Count == 0 && _items.Length > InitialLength)
        {
            // Emptied by age: an idle topic shall not hold on to the room of its busiest hour.
            _items = [];
            _first = 0;
        }

        return item;
    }

    /// <summary>The index of the first event behind a sequence; <see cref="Count"/> when there is none.</summary>
    public int IndexAfter(long sequence)
    {
        if (Count == 0 || sequence < this[0].Sequence)
        {
            return 0;
        }

        // A topic's own log has no holes, so the index is a subtraction; a log fed from elsewhere may, and is searched.
        var guess = sequence - this[0].Sequence;
        if (guess < Count && this[(int)guess].Sequence == sequence)
        {
            return (int)guess + 1;
        }

        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (this[middle].Sequence <= sequence)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void Grow()
    {
        var larger = new StreamEvent?[Math.Max(InitialLength, _items.Length * 2)];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = this[i];
        }

        _items = larger;
        _first = 0;
    }
}
