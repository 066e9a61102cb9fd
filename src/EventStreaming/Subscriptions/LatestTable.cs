using System.Runtime.InteropServices;

namespace EventStreaming;

/// <summary>
/// What waits beside the channel of a reader with latest-wins: the newest unread event of each key, and the gaps, all in sequence order. An
/// update moves its key to the end. Not thread-safe: the topic's lock guards it.
/// </summary>
/// <remarks>
/// Gaps are kept here, and not in the channel, because an event that is delivered must not lie inside a gap: its cursor would be behind a
/// loss that the reader has yet to be told of, and a resume from there would never tell. So an event ends the gap before it; when an update
/// takes it away, the gaps on either side become one again, unless an event in the channel lies between them. There are therefore never more
/// gaps than events waiting, and one.
/// </remarks>
internal sealed class LatestTable
{
    private readonly Dictionary<LatestKey, LinkedListNode<Entry>> _byKey = [];
    private readonly LinkedList<Entry> _inOrder = new();
    private int _count;

    /// <summary>How many events and gaps wait. May be read without the lock, to see whether taking it is worth while.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The event that one of the same key would replace.</summary>
    public StreamEvent? Find(StreamEvent item) => _byKey.TryGetValue(LatestKey.Of(item), out var node) ? node.Value.Event : null;

    /// <summary>Puts an event at the end, in place of an earlier one of its key.</summary>
    public void Put(StreamEvent item)
    {
        var key = LatestKey.Of(item);
        if (_byKey.TryGetValue(key, out var node))
        {
            Remove(node);
        }

        _byKey[key] = _inOrder.AddLast(new Entry { Event = item });
        Volatile.Write(ref _count, _inOrder.Count);
    }

    /// <summary>Notes that an event was dropped.</summary>
    /// <param name="item">The event.</param>
    /// <param name="enqueued">How many events were written to the channel before it.</param>
    public void Drop(StreamEvent item, long enqueued)
    {
        if (_inOrder.Last is not { } last || last.Value.Event is not null || last.Value.Enqueued != enqueued)
        {
            last = _inOrder.AddLast(new Entry { Enqueued = enqueued });
            Volatile.Write(ref _count, _inOrder.Count);
        }

        last.ValueRef.Gap.Add(item);
    }

    /// <summary>Takes the first event or gap if it comes before a sequence.</summary>
    public bool TryTakeBefore(long sequence, out Entry entry)
    {
        entry = default;
        if (_inOrder.First is not { } first || first.Value.Sequence >= sequence)
        {
            return false;
        }

        entry = first.Value;
        _inOrder.RemoveFirst();
        if (entry.Event is { } item)
        {
            _byKey.Remove(LatestKey.Of(item));
        }

        Volatile.Write(ref _count, _inOrder.Count);
        return true;
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        var (before, behind) = (node.Previous, node.Next);
        _inOrder.Remove(node);
        if (before is { Value: { Event: null } } && behind is { Value: { Event: null } } && before.Value.Enqueued == behind.Value.Enqueued)
        {
            before.ValueRef.Gap.Join(behind.Value.Gap);
            _inOrder.Remove(behind);
        }
    }

    /// <summary>An event, or, without one, a gap.</summary>
    [StructLayout(LayoutKind.Auto)]
    public struct Entry
    {
        public StreamEvent? Event;
        public OverflowGap Gap;
        public long Enqueued;

        public readonly long Sequence => Event?.Sequence ?? Gap.To;
    }
}
