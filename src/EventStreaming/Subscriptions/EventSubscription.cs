using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace EventStreaming;

/// <summary>
/// One reader's bounded channel and its place in a topic, or in all topics. It is live when <c>Subscribe</c> returns: nothing published
/// after that is missed without being told.
/// </summary>
/// <remarks>
/// <para>Order: a topic's events come in sequence order, each at most once; between topics there is no order. Lost Normal events are reported
/// by a <c>stream.gap</c> event in their place (its <see cref="StreamEvent.Data"/> is a <see cref="Gap"/>); a cursor that could not be honoured by a
/// <c>stream.open</c> event at the beginning (a <see cref="StreamOpening"/>).</para>
/// <para>Threads: one reader at a time; everything else may be called from any thread. Reading never blocks a publisher.</para>
/// <para>Dispose it when done; the topic holds it until it ends.</para>
/// </remarks>
public sealed class EventSubscription : IAsyncEnumerable<StreamEvent>, IAsyncDisposable
{
    private readonly EventBus _bus;
    private readonly ReadBatch _batch = new();
    private readonly TaskCompletionSource<EndReason> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Attachments _attachments;
    private readonly Func<StreamEvent, bool>? _predicate;
    private readonly bool _hasCursor;
    private CancellationTokenRegistration _cancellation;
    private EventCursor? _start;
    private StreamEvent? _last;
    private StreamEvent? _checkpoint;
    private StreamEvent? _opening;
    private SubscriptionEnd? _end;
    private bool _reading;
    private bool _isSlow;
    private long _delivered;
    private long _dropped;
    private long _superseded;
    private long _filtered;
    private long _rejected;

    internal EventSubscription(EventBus bus, SubscriptionOptions options, Func<EventSubscription, HandlerRunner>? createRunner)
    {
        _bus = bus;
        Options = options;
        _predicate = options.Predicate;
        _hasCursor = options.Topic is not null;
        Queue = new SubscriptionQueue(options);
        Filter = new EventFilter(options, bus.Catalog);
        _attachments = new Attachments(isShared: options.Topic is null);
        Outcome = options.From is { IsStart: true } ? ResumeOutcome.Resumed : ResumeOutcome.Fresh;
        Runner = createRunner?.Invoke(this);
    }

    /// <summary>The topic it reads; null when it reads all.</summary>
    public string? Topic => Options.Topic;

    /// <summary>The name it was given, or null.</summary>
    public string? Name => Options.Name;

    /// <summary>What became of the cursor it was asked to begin from. Of all topics: <see cref="ResumeOutcome.Gap"/> when any of them has one.</summary>
    public ResumeOutcome Outcome { get; private set; }

    /// <summary>
    /// Where its reader stands: the place to resume from after the last event it was given. Null for a subscription to all topics, whose
    /// events carry their cursors themselves, and for a fresh connect that has yet to be given its first event.
    /// </summary>
    public EventCursor? Cursor => Volatile.Read(ref _checkpoint)?.Cursor ?? Volatile.Read(ref _last)?.Cursor ?? _start;

    /// <summary>Published events handed to the reader so far.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Events lost to this reader so far, each reported by a gap: dropped while its channel was full, or no longer in history.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Latest-wins events skipped so far because a newer one of the same key took their place.</summary>
    public long Superseded => Interlocked.Read(ref _superseded);

    /// <summary>Events that did not pass its filter so far, worker noise and what is not replayed to a fresh connect included.</summary>
    public long Filtered => Interlocked.Read(ref _filtered) + Interlocked.Read(ref _rejected);

    /// <summary>Published events waiting in its channel.</summary>
    public long Queued => Volatile.Read(ref _end) is { IsDiscarding: true } ? 0 : Queue.Count;

    /// <summary>Whether it is reading missed events from history, or has yet to.</summary>
    public bool IsLagging => _attachments.AnyLagging;

    /// <summary>Why it ended, or null while it has not. What waits in its channel can then still be read, except after Dispose or cancellation.</summary>
    public EndReason? EndReason => Volatile.Read(ref _end)?.Reason;

    /// <summary>What made it end, when that was a failure; otherwise null.</summary>
    public Exception? Exception => Volatile.Read(ref _end)?.Exception;

    /// <summary>
    /// Completes with the reason when it has ended; with a handler, when the handler has also returned. Never faults, so it may be left
    /// unobserved.
    /// </summary>
    public Task<EndReason> Completion => _completion.Task;

    internal SubscriptionOptions Options { get; }

    /// <summary>What reads it for a handler; null when its owner reads it.</summary>
    internal HandlerRunner? Runner { get; }

    internal EventBus Bus => _bus;

    internal SubscriptionQueue Queue { get; }

    internal EventFilter Filter { get; }

    internal bool EndsOnTerminal => Options.EndOnTerminal && Options.Topic is not null;

    /// <summary>How many events it was given at its beginning, before its reader came.</summary>
    internal int ReplaySize => _batch.Count;

    internal bool IsEnded => Volatile.Read(ref _end) is not null;

    /// <summary>Takes the next event if there is one. False when there is none now, or when it has ended and all is read.</summary>
    /// <param name="item">The event.</param>
    /// <returns>Whether there was one. Does not wait.</returns>
    /// <exception cref="InvalidOperationException">Another read is under way.</exception>
    public bool TryRead([NotNullWhen(true)] out StreamEvent? item)
    {
        EnterRead();
        try
        {
            return TryTake(out item);
        }
        finally
        {
            _reading = false;
        }
    }

    /// <summary>Reads as many events as there are, at least one, waiting for the first.</summary>
    /// <param name="buffer">Where to put them; not empty.</param>
    /// <param name="cancellationToken">Ends the wait, not the subscription. No event is lost by it.</param>
    /// <returns>How many were read; 0 when the subscription has ended and all is read.</returns>
    /// <exception cref="ArgumentException">The buffer is empty.</exception>
    /// <exception cref="InvalidOperationException">Another read is under way.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<int> ReadAsync(Memory<StreamEvent> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            throw new ArgumentException("The buffer is empty: pass room for at least one event.", nameof(buffer));
        }

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var count = ReadAvailable(buffer.Span);
            if (count > 0 || !await WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                return count > 0 ? count : ReadAvailable(buffer.Span);
            }
        }
    }

    /// <summary>Reads one event after another, until the subscription has ended and all is read.</summary>
    /// <param name="cancellationToken">Ends the enumeration with an exception, not the subscription. No event is lost by it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async IAsyncEnumerable<StreamEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (TryRead(out var item))
            {
                yield return item;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        while (await WaitAsync(cancellationToken).ConfigureAwait(false));

        while (TryRead(out var item))
        {
            yield return item;
        }
    }

    /// <inheritdoc cref="ReadAllAsync"/>
    public IAsyncEnumerator<StreamEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        ReadAllAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None);

    /// <summary>
    /// Moves the cursor of a reader who has read everything forward over events that its filter held back, so that a later resume need
    /// not look at them again. For the reader, between reads.
    /// </summary>
    /// <returns>The cursor, moved or not.</returns>
    public EventCursor? Checkpoint()
    {
        if (_attachments.Single is { } attachment && !IsEnded)
        {
            var topic = attachment.Topic;
            lock (topic.Gate)
            {
                if (attachment.IsCaughtUp && _batch.IsEmpty && topic.Head > (Cursor?.Sequence ?? 0))
                {
                    Volatile.Write(ref _checkpoint, ControlEvents.Create(topic.Origin, topic.Head, default, ControlEvents.OpenType, null));
                }
            }
        }

        return Cursor;
    }

    /// <summary>Ends it as <see cref="EndReason.Disposed"/>, if it has not ended. What waits unread is discarded. Does not wait for a running handler.</summary>
    public ValueTask DisposeAsync()
    {
        End(EventStreaming.EndReason.Disposed);
        return ValueTask.CompletedTask;
    }

    /// <summary>Ends it at once, for a reason on its own side.</summary>
    internal void End(EndReason reason, Exception? exception = null)
    {
        if (_attachments.Single is { } attachment)
        {
            // Under the topic's lock, as every end is, so that no publisher offers to a subscription that has ended.
            bool ended;
            lock (attachment.Topic.Gate)
            {
                attachment.Topic.Remove(attachment);
                ended = SetEnd(reason, exception);
            }

            if (ended)
            {
                AfterEnd();
            }
        }
        else if (SetEnd(reason, exception))
        {
            AfterEnd();
        }

        Runner?.Abort();
    }

    /// <summary>Ends it behind the newest event: at once when live, when its reader has got there when lagging.</summary>
    internal void Close(EndReason reason)
    {
        _attachments.BeginClose(reason);
        foreach (var attachment in _attachments.All)
        {
            lock (attachment.Topic.Gate)
            {
                attachment.Close(reason);
            }
        }

        if (_attachments.IsEmpty)
        {
            TryEnd(reason);
        }
    }

    /// <summary>Ends it from inside a topic's lock: what follows an end (logging, completion) runs elsewhere.</summary>
    internal void TryEnd(EndReason reason)
    {
        if (SetEnd(reason, exception: null))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static subscription => subscription.AfterEnd(), this, preferLocal: false);
        }
    }

    /// <summary>One attachment has nothing more to give. Under its topic's lock.</summary>
    internal void OnFinished(TopicAttachment attachment, EndReason reason)
    {
        _attachments.Remove(attachment);
        if (!_attachments.IsShared)
        {
            TryEnd(reason);
        }
        else if (_attachments is { IsEmpty: true, ClosingAs: { } closingAs })
        {
            TryEnd(closingAs);
        }
    }

    internal void OnAttention(TopicAttachment attachment) => _attachments.CallAttention(attachment);

    /// <summary>One warning for each time it turns slow, not one for each event. Under a topic's lock, so it is written elsewhere.</summary>
    internal void OnSlow(string topic)
    {
        if (!Volatile.Read(ref _isSlow))
        {
            Volatile.Write(ref _isSlow, true);
            ThreadPool.UnsafeQueueUserWorkItem(
                static state => state.Subscription._bus.OnSlow(state.Subscription, state.Topic), (Subscription: this, Topic: topic), preferLocal: false);
        }
    }

    internal void CountFiltered() => Count(ref _filtered, 1);

    internal void CountSuperseded(long count) => Count(ref _superseded, count);

    internal void CountDropped(long count, GapReason reason)
    {
        Count(ref _dropped, count);
        _bus.Metrics.OnDropped(count, reason);
    }

    internal void CountGap(GapReason reason) => _bus.Metrics.OnGap(reason);

    /// <summary>Wakes a waiting reader, as for a keepalive. Any thread.</summary>
    internal void Wake() => Queue.Signal(ControlEvents.Wake);

    /// <summary>Attaches to a topic. False when the topic has been closed meanwhile.</summary>
    internal bool TryAttach(Topic topic)
    {
        var attachment = new TopicAttachment(topic, this, Filter);
        _attachments.Add(attachment);
        if (!topic.TryAttach(attachment, Options.From, _batch, out var outcome))
        {
            _attachments.Remove(attachment);
            return false;
        }

        // Of all topics, one with a gap is enough for a gap.
        if (!_attachments.IsShared || outcome == ResumeOutcome.Gap)
        {
            Outcome = outcome;
        }

        return true;
    }

    /// <summary>
    /// Attaches to a topic made after this subscription to all topics: everything in it is new. Not when the subscription is being closed:
    /// it ends behind what was the newest then, and a topic joined later would keep it from ever ending.
    /// </summary>
    internal void AttachNew(Topic topic)
    {
        if (_attachments.ClosingAs is not null)
        {
            return;
        }

        var attachment = new TopicAttachment(topic, this, Filter);
        _attachments.Add(attachment);
        topic.TryAttach(attachment, EventCursor.Start, _batch, out _);

        // Closed between the test above and the adding: then the closing thread may not have seen this attachment.
        if (_attachments.ClosingAs is { } reason)
        {
            lock (topic.Gate)
            {
                attachment.Close(reason);
            }
        }
    }

    /// <summary>The subscription is attached: says how it began, where that is not what was asked for, and listens to its owner's token.</summary>
    internal void Start(CancellationToken cancellationToken)
    {
        _start = _attachments.Single?.StartCursor;
        if (Outcome is ResumeOutcome.EpochChanged or ResumeOutcome.Ahead or ResumeOutcome.Unknown)
        {
            _opening = CreateOpening();
        }

        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static state => ((EventSubscription)state!).End(EventStreaming.EndReason.Cancelled), this);
            if (IsEnded)
            {
                // It ended before there was a registration to take back.
                _cancellation.Unregister();
            }
        }
    }

    /// <summary>How it began, for a transport that always says so. Then it is not said again by a read.</summary>
    internal StreamEvent TakeOpening()
    {
        var opening = _opening ?? CreateOpening();
        _opening = null;
        return opening;
    }

    internal StreamEvent CreateEnding() => ControlEvents.Create(
        _last?.Origin ?? _attachments.Single?.Topic.Origin ?? ControlEvents.Wake.Origin,
        Cursor?.Sequence ?? 0,
        _bus.TimeProvider.GetUtcNow(),
        ControlEvents.EndType,
        new StreamEnding(EndReason ?? EventStreaming.EndReason.Disposed, Cursor?.ToString()));

    /// <summary>Waits until there may be something to read. False when it has ended and nothing is left.</summary>
    internal async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        // The token wakes the wait instead of cancelling it: see SubscriptionQueue.WaitAsync.
        using var registration = cancellationToken.UnsafeRegister(static state => ((EventSubscription)state!).Wake(), this);
        var more = await Queue.WaitAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return more;
    }

    /// <summary>Reads what is there, without waiting.</summary>
    internal int ReadAvailable(Span<StreamEvent> buffer)
    {
        EnterRead();
        try
        {
            var count = 0;
            while (count < buffer.Length && TryTake(out var item))
            {
                buffer[count++] = item;
            }

            return count;
        }
        finally
        {
            _reading = false;
        }
    }

    /// <summary>The handler's loop has returned, and so the subscription has ended.</summary>
    internal void OnRunnerFinished() => _completion.TrySetResult(EndReason!.Value);

    private void EnterRead()
    {
        // Not atomic: it is there to find a mistake in the caller, not to make the mistake safe.
        if (_reading)
        {
            throw new InvalidOperationException("Another read of this subscription is under way: one reader at a time. Subscribe once for each reader.");
        }

        _reading = true;
    }

    private bool TryTake([NotNullWhen(true)] out StreamEvent? item)
    {
        while (TryTakeNext(out item))
        {
            if (item.IsControl)
            {
                if (item.Data is Gap)
                {
                    MoveTo(item);
                }

                return true;
            }

            if (_predicate is not null && !Passes(_predicate, item))
            {
                continue;
            }

            MoveTo(item);
            Volatile.Write(ref _delivered, _delivered + 1);
            _bus.Metrics.OnDelivered();
            return true;
        }

        return false;
    }

    private void MoveTo(StreamEvent item)
    {
        // A subscription to all topics keeps no event alive for a cursor it does not have.
        if (_hasCursor)
        {
            Volatile.Write(ref _last, item);
            if (_checkpoint is not null)
            {
                Volatile.Write(ref _checkpoint, null);
            }
        }
    }

    private bool Passes(Func<StreamEvent, bool> predicate, StreamEvent item)
    {
        try
        {
            if (predicate(item))
            {
                return true;
            }
        }
        catch (Exception exception)
        {
            End(EventStreaming.EndReason.Faulted, exception);
            throw;
        }

        // Not CountFiltered: that counter belongs to whoever holds the topic's lock, and this is the reader.
        Volatile.Write(ref _rejected, _rejected + 1);
        return false;
    }

    /// <summary>
    /// The next event, from wherever it is: what was taken from the topic before, then the channel, then the topic again. That is also
    /// their order by age: history is read and gaps are closed only when the channel is empty.
    /// </summary>
    private bool TryTakeNext([NotNullWhen(true)] out StreamEvent? item)
    {
        if (_end is { IsDiscarding: true })
        {
            // Emptied, not just left: a complete channel says "wait no more" only when it is empty, and a reader that waits and finds
            // nothing, over and over, would never end.
            _batch.Clear();
            Queue.Clear();
            item = null;
            return false;
        }

        if (_opening is not null)
        {
            item = _opening;
            _opening = null;
            return true;
        }

        while (!_batch.TryTake(out item))
        {
            if (Queue.TryRead(out item))
            {
                if (ReferenceEquals(item, ControlEvents.Wake))
                {
                    continue;
                }

                if (!Options.LatestWins || !TryPutBehindLatest(item))
                {
                    return true;
                }
            }
            else if (!TryRefill())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>If latest-wins events wait that come before an event read from the channel, takes them, and it behind them, into the batch.</summary>
    private bool TryPutBehindLatest(StreamEvent item)
    {
        if (_attachments.Single is not { HasLatest: true } attachment)
        {
            return false;
        }

        lock (attachment.Topic.Gate)
        {
            attachment.TakeLatestBefore(item.Sequence, _batch);
        }

        _batch.Add(item);
        return true;
    }

    /// <summary>The channel is empty: asks the topic. False when there is nothing to ask for.</summary>
    private bool TryRefill()
    {
        if (_attachments.NextNeedingAttention() is not { } attachment)
        {
            Volatile.Write(ref _isSlow, false);
            return false;
        }

        lock (attachment.Topic.Gate)
        {
            // Something may have been written since the channel was seen empty, and it comes first. Under the lock nothing more can.
            if (!Queue.HasItems)
            {
                attachment.Refill(_batch);
                _attachments.AttentionGiven(attachment);
            }
        }

        return true;
    }

    private StreamEvent CreateOpening()
    {
        var origin = _attachments.Single?.Topic.Origin ?? ControlEvents.Wake.Origin;
        return ControlEvents.Create(
            origin, _start?.Sequence ?? 0, _bus.TimeProvider.GetUtcNow(), ControlEvents.OpenType, new StreamOpening(Outcome, _start?.ToString(), Options.IgnoredTypes));
    }

    private bool SetEnd(EndReason reason, Exception? exception)
    {
        if (Interlocked.CompareExchange(ref _end, new SubscriptionEnd(reason, exception), null) is not null)
        {
            return false;
        }

        Queue.Complete();
        return true;
    }

    /// <summary>What follows the end, outside every lock: leaving the other topics, the log, and whoever awaits the completion.</summary>
    private void AfterEnd()
    {
        // First, so that no new topic attaches it any more.
        _bus.OnEnded(this);
        foreach (var attachment in _attachments.All)
        {
            lock (attachment.Topic.Gate)
            {
                attachment.Topic.Remove(attachment);
            }
        }

        // Unregister, not Dispose: that would wait for a callback that may be running this very code.
        _cancellation.Unregister();
        if (Runner is null)
        {
            _completion.TrySetResult(EndReason!.Value);
        }
    }

    /// <summary>Counters are written under the topic's lock, so plainly, unless several topics share this subscription.</summary>
    private void Count(ref long counter, long count)
    {
        if (_attachments.IsShared)
        {
            Interlocked.Add(ref counter, count);
        }
        else
        {
            Volatile.Write(ref counter, counter + count);
        }
    }

    private sealed record SubscriptionEnd(EndReason Reason, Exception? Exception)
    {
        /// <summary>Whether what waits unread is thrown away: its owner does not want it any more.</summary>
        public bool IsDiscarding => Reason is EventStreaming.EndReason.Disposed or EventStreaming.EndReason.Cancelled;
    }
}
