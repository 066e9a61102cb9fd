namespace EventStreaming;

/// <summary>
/// One subscription's place in one topic. A subscription to one topic has one; a subscription to all has one per topic, sharing its
/// channel.
/// </summary>
/// <remarks>
/// States: <see cref="AttachmentState.Live"/> → Lagging (no room for a critical event) → Live (caught up) …, and from either → Detached.
/// Everything here is guarded by the topic's lock, except <see cref="NeedsAttention"/>, which its reader tests without it.
/// No user code runs under that lock: predicates run in the reader, logging and completions on the thread pool.
/// </remarks>
internal sealed class TopicAttachment
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

    private long _position;
    private long _replayThrough;
    private Dictionary<LatestKey, long>? _replayLatest;
    private long _endAfter = long.MaxValue;
    private EndReason _endAs;

    // With latest-wins, gaps wait in the table instead.
    private OverflowGap _gap;
    private bool _needsAttention;

    public TopicAttachment(Topic topic, EventSubscription owner, EventFilter filter)
    {
        _topic = topic;
        _owner = owner;
        _queue = owner.Queue;
        _filter = filter;
        _latest = owner.Options.LatestWins ? new LatestTable() : null;
        _isPlain = !filter.HasAttributes && _latest is null && !_queue.IsShared;
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
    public EventTraits JudgesUnless => _isPlain && !_gap.IsOpen ? _filter.Rejected : EventTraits.Any;

    /// <summary>Whether the subscription reads this topic alone.</summary>
    public bool IsDedicated => !_queue.IsShared;

    /// <summary>
    /// Where the subscription begins, as a cursor; null while a fresh connect has yet to be given what is replayed to it: its next try
    /// must be a fresh one, too.
    /// </summary>
    public EventCursor? StartCursor { get; private set; }

    /// <summary>
    /// Whether the reader must look here when its channel is empty: history to read, a gap still open, or latest-wins events. Set under
    /// the lock, with a wake; cleared by the reader under the lock.
    /// </summary>
    public bool NeedsAttention => Volatile.Read(ref _needsAttention);

    /// <summary>Whether latest-wins events, or gaps between them, wait that may come before the next event in the channel.</summary>
    public bool HasLatest => _latest is { Count: > 0 };

    /// <summary>Decides where to begin. The history is read, at most a channel's worth of it, into the first batch.</summary>
    public ResumeOutcome Begin(EventCursor? from, ReadBatch batch)
    {
        var head = _topic.Head;
        var outcome = ResumePoint.Resolve(_topic, _filter, from, out _position);
        if (outcome is ResumeOutcome.Fresh or ResumeOutcome.Ahead or ResumeOutcome.Unknown && from is not { IsEnd: true })
        {
            _replayThrough = head;
            _replayLatest = _topic.FindLatest(_filter);
        }

        var start = _position;
        if (_owner.EndsOnTerminal && _topic.FindCompletion(_filter) is { } completed)
        {
            EndAfter(completed, EndReason.Completed);
        }

        if (_position >= Math.Min(head, _endAfter))
        {
            FinishCatchUp();
        }
        else
        {
            _topic.AddLagging(this);
            if (!_queue.IsShared)
            {
                CatchUp(batch, _owner.Options.Capacity, int.MaxValue);
            }

            if (State == AttachmentState.Lagging)
            {
                CallAttention();
            }
        }

        if (_replayThrough == 0)
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
        if (!_filter.Matches(item))
        {
            _owner.CountFiltered();
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
            CatchUp(batch, MaxCatchUp, MaxScan);
        }

        Volatile.Write(ref _needsAttention, State == AttachmentState.Lagging);
    }

    /// <summary>For the reader: takes the latest-wins events and the gaps that come before an event read from the channel.</summary>
    public void TakeLatestBefore(long sequence, ReadBatch batch)
    {
        while (_latest is not null && _latest.TryTakeBefore(sequence, out var entry))
        {
            if (entry.Event is { } item)
            {
                _queue.GiveBack(1, item.Size);
                batch.Add(item);
            }
            else
            {
                batch.Add(entry.Gap.ToEvent(_topic.Origin));
                _owner.CountGap(GapReason.Overflow);
            }
        }
    }

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
        if (lost.Sequence <= _position || lost.Sequence > _endAfter || !IsWanted(lost))
        {
            return;
        }

        _topic.Remove(this);
        _owner.TryEnd(EndReason.SlowConsumer);
    }

    /// <summary>Ends it behind the newest event: at once when live, when its reader has got there when lagging.</summary>
    public void Close(EndReason reason)
    {
        EndAfter(_topic.Head, reason);
        if (State == AttachmentState.Live)
        {
            FlushGap();
            _topic.Remove(this);
            _owner.OnFinished(this, reason);
        }
    }

    /// <summary>Where the reader stands when it has read all it was given: the newest event, if it is live and nothing waits.</summary>
    public bool IsCaughtUp => State == AttachmentState.Live && !_gap.IsOpen && !HasLatest && !_queue.HasItems;

    private void EndAfter(long sequence, EndReason reason)
    {
        if (sequence < _endAfter)
        {
            _endAfter = sequence;
            _endAs = reason;
        }
    }

    private void OfferMatching(StreamEvent item)
    {
        if (_latest is not null && item.Has(EventTraits.LatestWins))
        {
            OfferLatest(item);
        }
        else if (_gap.IsOpen || !_queue.TryEnqueue(item))
        {
            OfferToFull(item);
        }
    }

    private void OfferLatest(StreamEvent item)
    {
        var older = _latest!.Find(item); // Tested by the caller.
        if (!(older is null ? _queue.TryReserve(item) : _queue.TryExchange(older, item)))
        {
            Overflow(item);
            return;
        }

        if (older is not null)
        {
            _owner.CountSuperseded(1);
        }

        _latest.Put(item);
        CallAttention();
    }

    private void OfferToFull(StreamEvent item)
    {
        if (_owner.IsEnded)
        {
            _topic.Remove(this);
            return;
        }

        // A gap is open, or there is no room. An open gap must come before the next event, so it is written as soon as one fits;
        // it takes no room of its own.
        if (_gap.IsOpen && _queue.HasRoomFor(item))
        {
            FlushGap();
        }

        if (!_gap.IsOpen && _queue.TryEnqueue(item))
        {
            return;
        }

        Overflow(item);
    }

    private void Overflow(StreamEvent item)
    {
        if (item.IsCritical || _owner.Options.OnNormalOverflow == NormalOverflow.CatchUp)
        {
            FallBehind(item);
        }
        else
        {
            Drop(item);
        }
    }

    /// <summary>There is no room for an event that may not be dropped: the subscription leaves the live path just before it, or ends, as it was asked to.</summary>
    private void FallBehind(StreamEvent item)
    {
        FlushGap();
        _topic.Remove(this);
        if (_owner.Options.OnCriticalOverflow == CriticalOverflow.Disconnect)
        {
            _owner.TryEnd(EndReason.SlowConsumer);
            return;
        }

        _position = item.Sequence - 1;
        _topic.AddLagging(this);
        CallAttention();
        _owner.OnSlow(_topic.Name);
    }

    private void Drop(StreamEvent item)
    {
        if (_latest is not null)
        {
            _latest.Drop(item, _queue.Enqueued);
        }
        else
        {
            _gap.Add(item);
            if (_gap.Count == 1)
            {
                _topic.OnPlainChanged(this);
            }
        }

        _owner.CountDropped(1, GapReason.Overflow);
        CallAttention();
        _owner.OnSlow(_topic.Name);
    }

    private void FlushGap()
    {
        // A complete queue takes nothing: then the gap stays open, and the reader comes for it when it has read the rest.
        if (_gap.IsOpen && _queue.Signal(_gap.ToEvent(_topic.Origin)))
        {
            CloseGap();
        }
    }

    private void CloseGap()
    {
        _gap = default;
        _topic.OnPlainChanged(this);
        _owner.CountGap(GapReason.Overflow);
    }

    /// <summary>
    /// Says that the reader must look here, and wakes it once. The wake is not an optimization: the reader may have found its channel
    /// empty and be about to wait, and would then sleep beside a full history.
    /// </summary>
    private void CallAttention()
    {
        if (!_needsAttention)
        {
            Volatile.Write(ref _needsAttention, true);
            _owner.OnAttention(this);
            _queue.Signal(ControlEvents.Wake);
        }
    }

    private void CatchUp(ReadBatch batch, int maxItems, int maxScan)
    {
        var end = Math.Min(_endAfter, _topic.Head);
        var reader = _topic.History.ReadAfter(_position);
        for (var scanned = 0; scanned < maxScan && batch.Count < maxItems && batch.Bytes < _owner.Options.MaxBytes; scanned++)
        {
            if (!reader.TryNext(out var item) || item.Sequence > end)
            {
                NoteHole(end + 1, batch);
                _position = end;
                break;
            }

            NoteHole(item.Sequence, batch);
            _position = item.Sequence;
            if (IsWanted(item))
            {
                batch.Add(item);
            }
            else
            {
                _owner.CountFiltered();
            }
        }

        if (_owner.Options.LatestWins)
        {
            _owner.CountSuperseded(batch.RemoveSuperseded());
        }

        if (_position >= end)
        {
            FinishCatchUp();
        }
    }

    private void FinishCatchUp()
    {
        _replayLatest = null;
        _topic.Remove(this);
        if (_position >= _endAfter)
        {
            _owner.OnFinished(this, _endAs);
        }
        else
        {
            _topic.AddLive(this);
        }
    }

    private bool IsWanted(StreamEvent item) =>
        _filter.Matches(item) && (item.Sequence > _replayThrough || IsReplayed(item));

    private bool IsReplayed(StreamEvent item) =>
        item.Has(EventTraits.ReplayOnConnect)
        && (!item.Has(EventTraits.LatestWins)
            || _replayLatest is null
            || _replayLatest[LatestKey.Of(item)] == item.Sequence);

    /// <summary>Reports what is missing between the position and the next event held. A fresh connect is not owed what came before it.</summary>
    private void NoteHole(long next, ReadBatch batch)
    {
        var from = Math.Max(_position, _replayThrough) + 1;
        if (from >= next || !ResumePoint.IsLoss(_topic, _filter, from))
        {
            return;
        }

        var gap = new Gap(from, next - 1, next - from, GapReason.Evicted);
        _owner.CountDropped(gap.Count, GapReason.Evicted);
        _owner.CountGap(GapReason.Evicted);
        batch.Add(ControlEvents.Create(_topic.Origin, gap.To, _topic.UtcNow, ControlEvents.GapType, gap));
    }
}
