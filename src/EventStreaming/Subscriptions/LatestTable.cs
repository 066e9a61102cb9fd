using System.Runtime.InteropServices;

namespace EventStreaming;

/// <summary>
/// What waits beside the channel of a reader with latest-wins: the newest unread event of each key, and the gaps, all in sequence order. An
/// update moves its key to the end. Not thread-safe: the topic's lock guards it.
/// </summary>
/// <remarks>
/// <para>A reader who never catches up would see a key that always moves on only once its updates stop. So a key that has waited while a whole
/// channel of other events was written leaves the event it has where it is, for the reader to come to, and moves on with the next: two events
/// of a key wait then, never more.</para>
/// <para>Gaps are kept here, and not in the channel, because an event that is delivered must not lie inside a gap: its cursor would be behind a
/// loss that the reader has yet to be told of, and a resume from there would never tell. So an event ends the gap before it; when an update
/// takes it away, the gaps on either side become one again, unless an event in the channel lies between them. There are therefore never more
/// gaps than events waiting, and one.</para>
/// </remarks>
internal sealed class LatestTable(SubscriptionQueue queue, SubscriptionCounters counters, EventOrigin origin)
{
    private readonly Dictionary<LatestKey, LinkedListNode<Entry>> _byKey = [];
    private readonly LinkedList<Entry> _inOrder = new();
    private int _count;

    /// <summary>How many events and gaps wait. May be read without the lock, to see whether taking it is worth while.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Puts an event at the end, in the room of an earlier one of its key. False when there is no room for it.</summary>
    public bool TryPut(StreamEvent item)
    {
        var key = LatestKey.Of(item);
        var entry = new Entry { Event = item, Enqueued = queue.Enqueued };
        if (!_byKey.TryGetValue(key, out var node))
        {
            if (!queue.TryReserve(item))
            {
                return false;
            }
        }
        else if (!queue.TryExchange(node.Value.Event!, item)) // Those in the map are events.
        {
            return false;
        }
        else if (!node.Value.IsSecond && entry.Enqueued - node.Value.Enqueued >= queue.Limit)
        {
            node.ValueRef.IsLeft = true;
            entry.IsSecond = true;
        }
        else
        {
            entry.Enqueued = node.Value.Enqueued;
            entry.IsSecond = node.Value.IsSecond;
            Remove(node);
            counters.OnSuperseded(1);
        }

        _byKey[key] = _inOrder.AddLast(entry);
        Volatile.Write(ref _count, _inOrder.Count);
        return true;
    }

    /// <summary>Notes that an event was dropped.</summary>
    public void Drop(StreamEvent item)
    {
        if (_inOrder.Last is not { } last || last.Value.Event is not null || last.Value.Enqueued != queue.Enqueued)
        {
            last = _inOrder.AddLast(new Entry { Enqueued = queue.Enqueued });
            Volatile.Write(ref _count, _inOrder.Count);
        }

        last.ValueRef.Gap.Add(item);
    }

    /// <summary>For the reader: takes what comes before a sequence.</summary>
    public void TakeBefore(long sequence, ReadBatch batch)
    {
        while (_inOrder.First is { } first && first.Value.Sequence < sequence)
        {
            _inOrder.RemoveFirst();
            Take(first.Value, batch);
        }

        Volatile.Write(ref _count, _inOrder.Count);
    }

    private void Take(in Entry entry, ReadBatch batch)
    {
        if (entry.Event is not { } item)
        {
            batch.Add(entry.Gap.ToEvent(origin));
            counters.OnGap(GapReason.Overflow);
            return;
        }

        batch.Add(item);
        if (entry.IsLeft)
        {
            _byKey[LatestKey.Of(item)].ValueRef.IsSecond = false; // It was left where it was because there is a newer one.
        }
        else
        {
            _byKey.Remove(LatestKey.Of(item));
            queue.GiveBack(1, item.Size);
        }
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

        /// <summary>How many events had been written to the channel when the gap began, or the key began to wait.</summary>
        public long Enqueued;

        /// <summary>Whether it stays where it is, although a newer event of its key waits. That one has taken its room.</summary>
        public bool IsLeft;

        /// <summary>Whether an event of its key was left before it.</summary>
        public bool IsSecond;

        public readonly long Sequence => Event?.Sequence ?? Gap.To;
    }
}
