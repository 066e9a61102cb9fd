using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace EventStreaming;

/// <summary>
/// Events a reader has taken from the topic (history, gaps, latest-wins) and hands out before it looks at its channel again. Filled under
/// the topic's lock, emptied without it, always by the one reader, or by the subscriber before there is one.
/// </summary>
internal sealed class ReadBatch
{
    private StreamEvent?[] _items = [];
    private int _next;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public bool IsEmpty => _next >= Count;

    /// <summary>How many have yet to be handed out. A fair guess for those who are not its reader.</summary>
    public int Waiting => Math.Max(0, Count - _next);

    public void Add(StreamEvent item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Math.Max(4, Count * 2));
        }

        _items[Count++] = item;
        Bytes += item.Size;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake([NotNullWhen(true)] out StreamEvent? item)
    {
        item = null;
        return Count > 0 && TryTakeNext(out item);
    }

    /// <summary>Removes every latest-wins event that a later one in the batch replaces.</summary>
    /// <returns>How many were removed.</returns>
    public int RemoveSuperseded()
    {
        HashSet<LatestKey>? seen = null;
        var removed = 0;
        for (var i = Count - 1; i >= _next; i--)
        {
            if (_items[i] is { } item && item.Has(EventTraits.LatestWins) && !(seen ??= []).Add(LatestKey.Of(item)))
            {
                _items[i] = null;
                removed++;
            }
        }

        return removed;
    }

    public void Clear()
    {
        // The room goes too: most subscriptions catch up once, at their start.
        _items = [];
        _next = 0;
        Count = 0;
        Bytes = 0;
    }

    private bool TryTakeNext([NotNullWhen(true)] out StreamEvent? item)
    {
        while (_next < Count)
        {
            item = _items[_next];
            _items[_next++] = null;
            if (item is not null)
            {
                return true;
            }
        }

        Clear();
        item = null;
        return false;
    }
}
