using System.Diagnostics.CodeAnalysis;

namespace EventStreaming.Agents.Snapshots;

/// <summary>Things of a session by their ids, in the order in which they began. The caller counts bytes.</summary>
internal sealed class FoldedList<TKey, TItem>
    where TKey : notnull
    where TItem : class, IFolded
{
    private readonly OrderedDictionary<TKey, TItem> _items = [];

    public int Count => _items.Count;

    public IEnumerable<TItem> Items => _items.Values;

    public bool TryGet(TKey key, [NotNullWhen(true)] out TItem? item) => _items.TryGetValue(key, out item);

    /// <returns>What it adds to the bytes.</returns>
    public long Add(TKey key, TItem item)
    {
        _items.Add(key, item);
        return item.Bytes;
    }

    /// <returns>What it takes from the bytes; 0 when there is none.</returns>
    public long Remove(TKey key) => _items.Remove(key, out var item) ? item.Bytes : 0;

    /// <returns>What they take from the bytes.</returns>
    public long RemoveWhere(Func<TItem, bool> condition)
    {
        var bytes = 0L;
        for (var i = _items.Count - 1; i >= 0; i--)
        {
            var item = _items.GetAt(i).Value;
            if (condition(item))
            {
                bytes += item.Bytes;
                _items.RemoveAt(i);
            }
        }

        return bytes;
    }

    /// <summary>Removes the oldest that is finished, or, if none is and that may be, the oldest.</summary>
    /// <returns>What it takes from the bytes; 0 when nothing was removed.</returns>
    public long RemoveOldest(bool finishedOnly)
    {
        var oldest = -1;
        for (var i = 0; i < _items.Count && oldest < 0; i++)
        {
            oldest = _items.GetAt(i).Value.IsFinished ? i : -1;
        }

        oldest = oldest < 0 && !finishedOnly && _items.Count > 0 ? 0 : oldest;
        if (oldest < 0)
        {
            return 0;
        }

        var bytes = _items.GetAt(oldest).Value.Bytes;
        _items.RemoveAt(oldest);
        return bytes;
    }
}
