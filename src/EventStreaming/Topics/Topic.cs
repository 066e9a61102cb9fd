using System.Runtime.CompilerServices;

namespace EventStreaming;

/// <summary>
/// What one watches: the unit of order and history. One lock guards it all: the sequence, the history and who is offered what, so
/// that a subscriber's first live event is exactly the one behind what it was given from history.
/// </summary>
/// <remarks>
/// Open → closed, once, under the lock. A closed topic takes no more events and no more subscriptions; readers that lag still read its
/// history to the end. Under the lock run only bounded loops over memory: no user code, no logging, no waiting.
/// <para>Order of locks: registry, topic, a shared queue's gate, the list of those who need its reader. None is taken the other way round.</para>
/// </remarks>
internal sealed partial class Topic
{
    private readonly TimeProvider _timeProvider;
    private readonly HistoryOptions _historyOptions;
    private readonly Queue<(long Timestamp, long Sequence)> _ages = new();
    private LiveSlot[] _live = [];
    private int _liveCount;
    private TopicAttachment[] _lagging = [];
    private int _laggingCount;
    private int _dedicatedCount;
    private long _completedAt;
    private long _headAtSweep;
    private long _idleSince;
    private long _lastMark;
    private long _headAtMark;

    /// <param name="name">Its name.</param>
    /// <param name="history">What it keeps.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="observer">Hears of events that cannot be encoded.</param>
    /// <param name="behind">Where in a log of elsewhere it is taken up, when it is one that is fed; null for a log of its own.</param>
    public Topic(string name, HistoryOptions history, TimeProvider timeProvider, IEncodingObserver? observer = null, EventCursor? behind = null)
    {
        Name = name;
        _timeProvider = timeProvider;
        _historyOptions = history;
        IsFed = behind is not null;
        Origin = new EventOrigin(name, behind?.EpochToken ?? Epoch.Create(name, timeProvider.GetUtcNow()), observer);
        Head = _headAtSweep = _headAtMark = behind?.Sequence ?? 0;
        History = new EventHistory(history, OnCriticalLost, Head);
        _idleSince = timeProvider.GetTimestamp();
    }

    public Lock Gate { get; } = new();

    public string Name { get; }

    public EventOrigin Origin { get; }

    public EventHistory History { get; }

    /// <summary>The sequence of the newest event, or of where the log is known to be without one; 0 when there is none.</summary>
    public long Head { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>Whether the newest event, workers' aside, was a terminal one.</summary>
    public bool IsCompleted => _completedAt > 0;

    public int SubscriptionCount => _liveCount + _laggingCount;

    /// <summary>Whether anyone reads this topic in particular, or feeds it. Those who read all topics keep none alive.</summary>
    private bool IsInUse => _dedicatedCount > 0 || _feed is not null;

    public DateTimeOffset UtcNow => _timeProvider.GetUtcNow();

    /// <summary>Gives an event its place and offers it to everyone who is live. False when the topic has been closed.</summary>
    public bool TryAppend(StreamEvent item)
    {
        lock (Gate)
        {
            if (IsClosed || IsFed)
            {
                return IsClosed ? false : throw IsNotForPublishing();
            }

            Append(item.PlaceAt(Head + 1));
            return true;
        }
    }

    /// <summary>Takes an event in that has its place, behind all others, and offers it to everyone who is live. Under the lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(StreamEvent item)
    {
        Head = item.Sequence;
        History.Append(item);

        // Downwards, because one that leaves is replaced by the last, which has had its turn.
        var live = _live;
        for (var i = _liveCount - 1; i >= 0; i--)
        {
            ref var slot = ref live[i];
            if (item.Has(slot.Unless) || !slot.Queue.TryEnqueue(item))
            {
                slot.Attachment.Offer(item);
            }
        }

        if (!item.Has(EventTraits.FromWorker))
        {
            _completedAt = item.IsTerminal ? item.Sequence : 0;
        }

        if (item.IsTerminal)
        {
            Each(item, static (attachment, terminal) => attachment.OnTerminal(terminal));
        }
    }

    /// <summary>Attaches a subscription. False when the topic has been closed.</summary>
    public bool TryAttach(TopicAttachment attachment, EventCursor? from, ReadBatch batch, out ResumeOutcome outcome)
    {
        lock (Gate)
        {
            outcome = ResumeOutcome.Fresh;
            if (IsClosed)
            {
                return false;
            }

            outcome = attachment.Begin(from, batch);
            return true;
        }
    }

    /// <summary>Takes no more events; subscriptions end behind the newest one.</summary>
    public void Close(EndReason reason)
    {
        lock (Gate)
        {
            IsClosed = true;
            EndFeed();
            CloseAttachments(reason);
        }
    }

    /// <summary>Closes the topic if nobody uses it and nothing happened since a moment of the monotonic clock.</summary>
    public bool TryCloseIdle(long before)
    {
        lock (Gate)
        {
            if (IsClosed || IsInUse || Head != _headAtSweep || _idleSince > before)
            {
                return false;
            }

            IsClosed = true;
            CloseAttachments(EndReason.TopicClosed);
            return true;
        }
    }

    /// <summary>Ends the subscriptions, but stays open.</summary>
    public void CloseAttachments(EndReason reason)
    {
        lock (Gate)
        {
            Each(reason, static (attachment, why) => attachment.Close(why));
        }
    }

    /// <summary>
    /// Looks at the clock: evicts what is too old and notes when the topic was last used. Age is measured here, by marks "everything up
    /// to this sequence is at least this old", so that a publish reads no second clock and a step of the wall clock evicts nothing.
    /// </summary>
    /// <returns>Since when the topic is idle, by the monotonic clock; <see cref="long.MaxValue"/> when it is in use.</returns>
    public long Sweep(long now)
    {
        lock (Gate)
        {
            while (_ages.TryPeek(out var mark) && _timeProvider.GetElapsedTime(mark.Timestamp, now) >= _historyOptions.MaxAge)
            {
                History.EvictThrough(mark.Sequence);
                _ages.Dequeue();
            }

            if (Head != _headAtSweep)
            {
                _headAtSweep = Head;
                _idleSince = now;
            }
            else if (IsInUse)
            {
                _idleSince = now;
            }

            MarkAge(now);
            return IsInUse ? long.MaxValue : _idleSince;
        }
    }

    public TopicInfo Describe()
    {
        lock (Gate)
        {
            return new TopicInfo(Name, new EventCursor(Origin.Epoch, Head), SubscriptionCount, History.Count, History.Bytes, IsCompleted);
        }
    }

    /// <summary>
    /// Where what a filter watches has ended: the topic, or one run or one worker in it. Null while it goes on. Under the lock.
    /// </summary>
    public long? FindCompletion(EventFilter filter)
    {
        if (!filter.IsScoped)
        {
            return IsCompleted ? Head : null;
        }

        return History.FindLast(filter) is { IsTerminal: true } last ? last.Sequence : null;
    }

    public void AddLive(TopicAttachment attachment)
    {
        if (_liveCount == _live.Length)
        {
            Array.Resize(ref _live, Math.Max(2, _liveCount * 2));
        }

        attachment.State = AttachmentState.Live;
        attachment.Index = _liveCount;
        _live[_liveCount++] = new LiveSlot(attachment);
        _dedicatedCount += attachment.IsDedicated ? 1 : 0;
    }

    /// <summary>Whether a live subscription can be offered an event the short way has changed. Under the lock.</summary>
    public void OnPlainChanged(TopicAttachment attachment)
    {
        if (attachment.State == AttachmentState.Live)
        {
            _live[attachment.Index] = new LiveSlot(attachment);
        }
    }

    public void AddLagging(TopicAttachment attachment)
    {
        if (_laggingCount == _lagging.Length)
        {
            Array.Resize(ref _lagging, Math.Max(2, _laggingCount * 2));
        }

        attachment.State = AttachmentState.Lagging;
        attachment.Index = _laggingCount;
        _lagging[_laggingCount++] = attachment;
        _dedicatedCount += attachment.IsDedicated ? 1 : 0;
    }

    /// <summary>Takes a subscription off its list; harmless when it is on none. Under the lock.</summary>
    public void Remove(TopicAttachment attachment)
    {
        switch (attachment.State)
        {
            case AttachmentState.Live:
                _live[attachment.Index] = _live[--_liveCount];
                _live[attachment.Index].Attachment.Index = attachment.Index;

                // Not cleared, an ended subscription would stay reachable from its topic.
                _live[_liveCount] = default;
                break;
            case AttachmentState.Lagging:
                _lagging[attachment.Index] = _lagging[--_laggingCount];
                _lagging[attachment.Index].Index = attachment.Index;
                _lagging[_laggingCount] = null!; // As above.
                break;
            default:
                return;
        }

        attachment.State = AttachmentState.Detached;
        _dedicatedCount -= attachment.IsDedicated ? 1 : 0;
    }

    /// <summary>Calls every attachment; those it removes from the lists meanwhile are not skipped and not called twice.</summary>
    private void Each<TState>(TState state, Action<TopicAttachment, TState> action)
    {
        for (var i = _liveCount - 1; i >= 0; i--)
        {
            action(_live[i].Attachment, state);
        }

        for (var i = _laggingCount - 1; i >= 0; i--)
        {
            action(_lagging[i], state);
        }
    }

    /// <summary>Notes that everything so far is at least this old. At most sixteen marks to an age, however often it is swept.</summary>
    private void MarkAge(long now)
    {
        if (Head != _headAtMark && (_ages.Count == 0 || _timeProvider.GetElapsedTime(_lastMark, now) >= _historyOptions.MaxAge / 16))
        {
            _headAtMark = Head;
            _lastMark = now;
            _ages.Enqueue((now, Head));
        }
    }

    private void OnCriticalLost(StreamEvent lost)
    {
        // Those who are live have it in their channel.
        for (var i = _laggingCount - 1; i >= 0; i--)
        {
            _lagging[i].OnCriticalLost(lost);
        }
    }

    /// <summary>What a publish needs of a live subscription, side by side with the others' so that 500 of them are read in passing.</summary>
    private readonly struct LiveSlot(TopicAttachment attachment)
    {
        public readonly TopicAttachment Attachment = attachment;
        public readonly SubscriptionQueue Queue = attachment.Queue;

        /// <summary>An event with one of these traits, or any event when all are set, is for the attachment to judge.</summary>
        public readonly EventTraits Unless = attachment.JudgesUnless;
    }
}
