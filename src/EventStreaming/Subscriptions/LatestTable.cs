namespace EventStreaming;

/// <summary>
/// The newest unread event of each key, oldest first. An update moves its key to the end, so the table stays in sequence order.
/// Not thread-safe: the topic's lock guards it.
/// </summary>
internal sealed class LatestTable
{
    private readonly Dictionary<LatestKey, LinkedListNode<StreamEvent>> _byKey = [];
    private readonly LinkedList<StreamEvent> _inOrder = new();
    private int _count;

    /// <summary>How many keys wait. May be read without the lock, to see whether taking it is worth while.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Replaces the waiting event of the same key. False when none waits.</summary>
    public bool TryReplace(StreamEvent item)
    {
        if (!_byKey.TryGetValue(LatestKey.Of(item), out var node))
        {
            return false;
        }

        _inOrder.Remove(node);
        node.Value = item;
        _inOrder.AddLast(node);
        return true;
    }

    public void Add(StreamEvent item)
    {
        _byKey.Add(LatestKey.Of(item), _inOrder.AddLast(item));
        Volatile.Write(ref _count, _byKey.Count);
    }

    /// <summary>Takes what comes before a sequence.</summary>
    public void TakeBefore(long sequence, ReadBatch target)
    {
        while (_inOrder.First is { } node && node.Value.Sequence < sequence)
        {
            _inOrder.RemoveFirst();
            _byKey.Remove(LatestKey.Of(node.Value));
            target.Add(node.Value);
        }

        Volatile.Write(ref _count, _byKey.Count);
    }
}
