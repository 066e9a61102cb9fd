namespace EventStreaming;

/// <summary>The topics that wait for the reader of all of them, in the order of their turns. Thread-safe.</summary>
internal sealed class AttentionLine
{
    private readonly LinkedList<TopicAttachment> _line = new();
    private readonly Lock _gate = new();
    private int _count;

    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    public TopicAttachment? First
    {
        get
        {
            lock (_gate)
            {
                return _line.First?.Value;
            }
        }
    }

    /// <returns>Whether it is the only one.</returns>
    public bool Add(TopicAttachment attachment)
    {
        lock (_gate)
        {
            _line.AddLast(attachment.Turn);
            Volatile.Write(ref _count, _line.Count);
            return _line.Count == 1;
        }
    }

    /// <summary>If it waits: the others have their turn first.</summary>
    public void PutBack(TopicAttachment attachment)
    {
        lock (_gate)
        {
            if (attachment.Turn.List is not null)
            {
                _line.Remove(attachment.Turn);
                _line.AddLast(attachment.Turn);
            }
        }
    }

    /// <summary>The reader has looked at one. If it needs more, the others have their turn first, unless its topic is closed. Under its topic's lock.</summary>
    public void Given(TopicAttachment attachment)
    {
        lock (_gate)
        {
            if (attachment.Turn.List is null)
            {
                return; // Cleared meanwhile.
            }

            _line.Remove(attachment.Turn);
            if (attachment.NeedsAttention && attachment.Topic.IsClosed)
            {
                _line.AddFirst(attachment.Turn);
            }
            else if (attachment.NeedsAttention)
            {
                _line.AddLast(attachment.Turn);
            }

            Volatile.Write(ref _count, _line.Count);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _line.Clear();
            Volatile.Write(ref _count, 0);
        }
    }
}
