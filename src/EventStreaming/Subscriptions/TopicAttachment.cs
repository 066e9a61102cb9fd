namespace EventStreaming;

/// <summary>
/// One subscription's place in one topic. A subscription to one topic has one; a subscription to all has one per topic, sharing its
/// channel.
/// </summary>
/// <remarks>
/// States: Detached → Lagging (there is history to read) or <see cref="AttachmentState.Live"/> → Lagging (no room for an event that may not be
/// dropped) → Live (caught up) …, and from either → Detached. Only the topic's lock changes them. What its reader, or a metric, reads without the
/// lock says so: those are hints of when to take it.
/// No user code runs under that lock: predicates run in the reader, logging and completions on the thread pool.
/// </remarks>
internal sealed partial class TopicAttachment
{
    /// <summary>The most events one catch-up looks at under the lock, so that a slow reader's return costs a publisher microseconds.</summary>
    private const int MaxScan = 512;
    private const int MaxCatchUp = 256;

    private readonly Topic _topic;
    private readonly EventSubscription _owner;
    private readonly SubscriptionQueue _queue;
    private readonly EventFilter _filter;
    private readonly LatestTable? _latest;

    // Whether it needs no more than a test of traits and of room: one topic, no filter by attributes, nothing replaced by newer events.
    private readonly bool _isPlain;
    private readonly CatchUp _catchUp;

    private long _endAfter = long.MaxValue;
    private EndReason _endAs;

    private Attention _attention;
    private long _leftBehind = -1;

    public TopicAttachment(Topic topic, EventSubscription owner, EventFilter filter)
    {
        _topic = topic;
        _owner = owner;
        _queue = owner.Queue;
        _filter = filter;
        _latest = owner.Options.LatestWins ? new LatestTable(_queue, owner.Counters, topic.Origin) : null;
        _isPlain = !filter.HasAttributes && _latest is null && !_queue.IsShared;
        _catchUp = new CatchUp(topic, owner, filter);
    }

    public AttachmentState State { get; set; } = AttachmentState.Detached;

    /// <summary>The place in the topic's list for its state, so that leaving it is O(1).</summary>
    public int Index { get; set; }

    public Topic Topic => _topic;

    public SubscriptionQueue Queue => _queue;

    /// <summary>
    /// Which events may not simply be enqueued: those with these traits; all, when there is more to test or a gap is open, which must come
    /// before the next event.
    /// </summary>
    public EventTraits JudgesUnless => _isPlain && !_gap.IsOpen && !_isAhead ? _filter.Rejected : EventTraits.Any;

    /// <summary>Whether the subscription reads this topic alone.</summary>
    public bool IsDedicated => !_queue.IsShared;

    /// <summary>
    /// Where the subscription begins, as a cursor; null while a fresh connect has yet to be given what is replayed to it: its next try
    /// must be a fresh one, too.
    /// </summary>
    public EventCursor? StartCursor { get; private set; }

    /// <summary>
    /// Whether the reader must look here when its channel is empty: history to read, a gap still open, latest-wins events, or a notice. Set
    /// under the lock, with a wake; cleared by the reader under the lock.
    /// </summary>
    public bool NeedsAttention => _attention.IsNeeded;

    /// <summary>Whether latest-wins events, or gaps between them, wait that may come before the next event in the channel.</summary>
    public bool HasLatest => _latest is { Count: > 0 };

    /// <summary>Decides where to begin. The history is read, at most a channel's worth of it, into the first batch.</summary>
    public ResumeOutcome Begin(EventCursor? from, ReadBatch batch)
    {
        var head = _topic.Head;
        var outcome = _catchUp.Begin(from);
        var start = _catchUp.Position;
        if (_owner.EndsOnTerminal && _topic.FindCompletion(_filter) is { } completed)
        {
            EndAfter(completed, EndReason.Completed);
        }

        _isAhead = start > head;
        if (start >= Math.Min(head, _endAfter))
        {
            FinishCatchUp();
        }
        else
        {
            _topic.AddLagging(this);
            if (!_queue.IsShared)
            {
                ReadHistory(batch, _owner.Options.Capacity);
            }

            if (State == AttachmentState.Lagging)
            {
                if (_endAfter != long.MaxValue)
                {
                    _catchUp.FixNewest();
                }

                CallAttention();
            }
        }

        TellNewcomer();

        if (!_catchUp.IsFresh)
        {
            StartCursor = new EventCursor(_topic.Origin.Epoch, start);
        }
        else if (State == AttachmentState.Live && batch.IsEmpty)
        {
            StartCursor = new EventCursor(_topic.Origin.Epoch, head);
        }

        return outcome;
    }

    /// <summary>
    /// Offers a new event to a live subscription when the short way (<see cref="JudgesUnless"/>) will not do. It may not be live any longer
    /// afterwards.
    /// </summary>
    public void Offer(StreamEvent item)
    {
        if (_isAhead && !HasComeTo(item.Sequence))
        {
            return;
        }

        if (!_filter.Matches(item))
        {
            _owner.Counters.OnFiltered();
        }
        else if (_queue.SharedGate is { } gate)
        {
            lock (gate)
            {
                OfferMatching(item);
            }
        }
        else
        {
            OfferMatching(item);
        }
    }

    /// <summary>Fills the reader's batch with whatever is not in its channel. The channel must be empty, or order would be lost.</summary>
    public void Refill(ReadBatch batch)
    {
        TakeLatestBefore(long.MaxValue, batch);
        if (_gap.IsOpen)
        {
            batch.Add(_gap.ToEvent(_topic.Origin));
            CloseGap();
        }

        if (State == AttachmentState.Lagging)
        {
            ReadHistory(batch, MaxCatchUp);
        }

        if (State != AttachmentState.Lagging)
        {
            _attention.TakeNotice(batch);
        }
        else if (!_topic.IsClosed)
        {
            // What is in the channel by now has its turn first: a topic that is written to faster than it is read never catches up, and
            // would keep the reader from all others. A closed one has an end, and comes before what a new topic of its name has there.
            _attention.ComeBehind(_queue);
        }

        _attention.Given(State == AttachmentState.Lagging);
        if (State == AttachmentState.Detached && _leftBehind >= 0)
        {
            _owner.OnFetched(_leftBehind);
            _leftBehind = -1;
        }
    }

    /// <summary>For the reader: takes the latest-wins events and the gaps that come before an event read from the channel.</summary>
    public void TakeLatestBefore(long sequence, ReadBatch batch) => _latest?.TakeBefore(sequence, batch);

    /// <summary>A terminal event was appended at the topic's head: the subscription ends behind it, if it ends what is watched.</summary>
    public void OnTerminal(StreamEvent terminal)
    {
        if (_owner.EndsOnTerminal && _filter.IsEndedBy(terminal))
        {
            Close(EndReason.Completed);
        }
    }

    /// <summary>History has lost a critical event. A reader that has yet to get it cannot: its subscription ends.</summary>
    public void OnCriticalLost(StreamEvent lost)
    {
        if (lost.Sequence <= _endAfter && _catchUp.IsAhead(lost))
        {
            _topic.Remove(this);
            _owner.TryEnd(EndReason.SlowConsumer);
        }
    }

    /// <summary>Ends it behind the newest event: at once when live, when its reader has got there when lagging.</summary>
    public void Close(EndReason reason)
    {
        EndAfter(_topic.Head, reason);
        if (State == AttachmentState.Lagging)
        {
            _catchUp.FixNewest();
        }

        var isUnread = State == AttachmentState.Lagging || ((_gap.IsOpen || _attention.HasNotice) && !IsDedicated);
        if (State == AttachmentState.Live)
        {
            LeaveGap();
            _topic.Remove(this);
            _owner.OnFinished(this, reason);
        }

        if (_topic.IsClosed && isUnread && !IsDedicated && _leftBehind < 0)
        {
            // The topic goes, but its history stays for this reader until it comes for it.
            _leftBehind = _topic.History.Bytes;
            _owner.OnLeftBehind(_leftBehind);
        }
    }

    /// <summary>Its place among those who wait for the reader.</summary>
    public LinkedListNode<TopicAttachment> Turn => field ??= new(this);

    /// <summary>How many events the reader must have taken before it may look here, if the channel is not empty by then.</summary>
    public long AttentionFrom => _attention.From;

    /// <summary>For the reader, under the topic's lock: whether what it has taken from its channel is all that came before what waits here.</summary>
    public bool IsNext => !_queue.HasItems || (!IsDedicated && _queue.Taken >= _attention.From);

    /// <summary>How many events wait here for the reader: those it has yet to read from history. A fair guess for those without the lock.</summary>
    public long Lag => State == AttachmentState.Lagging ? Math.Max(0, Math.Min(_topic.Head, _endAfter) - _catchUp.Position) : 0;

    /// <summary>For the reader or the subscriber: how many events a replay or a catch-up that has just come to its end has read; otherwise 0.</summary>
    public long TakeReplaySize() => State == AttachmentState.Lagging ? 0 : _catchUp.TakeSize();

    /// <summary>
    /// How far a reader has got that has read all it was given: to the newest event, or, when it has ended as it was to, to the place
    /// where. Null while anything waits, and after any other end. Under the lock.
    /// </summary>
    public long? ReadThrough =>
        _gap.IsOpen || HasLatest || _queue.HasItems ? null
        : State == AttachmentState.Live ? _topic.Head
        : State == AttachmentState.Detached && _endAfter < long.MaxValue && _owner.EndReason == _endAs ? _endAfter
        : null;

    private void EndAfter(long sequence, EndReason reason)
    {
        if (sequence < _endAfter)
        {
            _endAfter = sequence;
            _endAs = reason;
        }
    }

    private void ReadHistory(ReadBatch batch, int maxItems)
    {
        var end = Math.Min(_endAfter, _topic.Head);
        _catchUp.Read(batch, end, maxItems, MaxScan);
        if (_catchUp.Position >= end)
        {
            FinishCatchUp();
        }
    }

    private void FinishCatchUp()
    {
        _topic.Remove(this);
        if (_catchUp.Position >= _endAfter)
        {
            _owner.OnFinished(this, _endAs);
        }
        else
        {
            _topic.AddLive(this);
        }
    }
}
