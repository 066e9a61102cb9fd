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
public sealed partial class EventSubscription : IAsyncEnumerable<StreamEvent>, IAsyncDisposable
{
    private readonly EventBus _bus;
    private readonly SubscriptionLifetime _lifetime;
    private readonly Attachments _attachments;
    private readonly SubscriptionReader _reader;
    private bool _isDiscarding;
    private bool _isSlow;

    internal EventSubscription(EventBus bus, SubscriptionOptions options, Func<EventSubscription, HandlerRunner>? createRunner)
    {
        _bus = bus;
        Options = options;
        Queue = new SubscriptionQueue(options);
        Filter = new EventFilter(options, bus.Catalog);
        Counters = new SubscriptionCounters(bus.Metrics, isShared: options.Topic is null);
        _attachments = new Attachments(options);
        _reader = new SubscriptionReader(this, Queue, _attachments);
        Outcome = options.From is { IsStart: true } ? ResumeOutcome.Resumed : ResumeOutcome.Fresh;
        Runner = createRunner?.Invoke(this);
        _lifetime = new SubscriptionLifetime(Queue, Runner is null ? 1 : 2);
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
    public EventCursor? Cursor => _reader.Cursor;

    /// <summary>Published events handed to the reader so far.</summary>
    public long Delivered => _reader.Delivered;

    /// <summary>Events lost to this reader so far, each reported by a gap: dropped while its channel was full, or no longer in history.</summary>
    public long Dropped => Counters.Dropped;

    /// <summary>Latest-wins events skipped so far because a newer one of the same key took their place.</summary>
    public long Superseded => Counters.Superseded;

    /// <summary>Events that did not pass its filter so far, worker noise and what is not replayed to a fresh connect included.</summary>
    public long Filtered => Counters.Filtered + _reader.Rejected;

    /// <summary>Published events waiting in its channel.</summary>
    public long Queued => IsDiscarding ? 0 : Queue.Count;

    /// <summary>Whether it is reading missed events from history, or has yet to.</summary>
    public bool IsLagging => _attachments.AnyLagging;

    /// <summary>Why it ended, or null while it has not. What waits in its channel can then still be read, unless its own side ended it (disposed, cancelled, transport closed, faulted, <see cref="Complete"/>).</summary>
    public EndReason? EndReason => _lifetime.Reason;

    /// <summary>
    /// Whether it has ended and no published event and no gap is left to read. Right after <c>Subscribe</c>, with <see cref="EndReason"/> as
    /// <see cref="EventStreaming.EndReason.Completed"/>: what is watched is over, and its reader has had all of it. For the reader, between reads.
    /// </summary>
    public bool IsDrained => IsEnded && (IsDiscarding || (_reader.Batch.IsEmpty && !Queue.HasItems && _attachments.NextNeedingAttention() is null));

    /// <summary>What made it end, when that was a failure; otherwise null.</summary>
    public Exception? Exception => _lifetime.Exception;

    /// <summary>
    /// Completes with the reason when it has ended; with a handler, when the handler has also returned. Never faults, so it may be left
    /// unobserved.
    /// </summary>
    public Task<EndReason> Completion => _lifetime.Completion;

    internal SubscriptionOptions Options { get; }

    internal string LogName => Name ?? "unnamed";

    /// <summary>The sequence of its one topic's newest event when it began, or when its transport did.</summary>
    internal long HeadAtStart { get; set; }

    /// <summary>What reads it for a handler; null when its owner reads it.</summary>
    internal HandlerRunner? Runner { get; }

    internal EventBus Bus => _bus;

    internal SubscriptionCounters Counters { get; }

    internal SubscriptionQueue Queue { get; }

    internal EventFilter Filter { get; }

    internal bool EndsOnTerminal => Options.EndOnTerminal && Options.Topic is not null;

    /// <summary>How many events wait for its reader: in its channel, taken from history, and those it has yet to read there. A fair guess.</summary>
    internal long Lag => IsDiscarding ? 0 : Queue.Count + _reader.Batch.Waiting + _attachments.Lag;

    internal bool IsEnded => _lifetime.IsEnded;

    /// <summary>Whether what waits unread is thrown away: its own side has ended it, be it after it had ended in another way.</summary>
    internal bool IsDiscarding => Volatile.Read(ref _isDiscarding);

    /// <summary>Takes the next event if there is one. False when there is none now, or when it has ended and all is read.</summary>
    /// <param name="item">The event.</param>
    /// <returns>Whether there was one. Does not wait.</returns>
    /// <exception cref="InvalidOperationException">Another read is under way.</exception>
    public bool TryRead([NotNullWhen(true)] out StreamEvent? item) => _reader.TryRead(out item);

    /// <summary>Takes as many events as there are, up to the buffer's length. Does not wait.</summary>
    /// <param name="buffer">Where to put them.</param>
    /// <returns>How many were taken; 0 when there is none now, or when it has ended and all is read.</returns>
    /// <exception cref="InvalidOperationException">Another read is under way.</exception>
    public int Read(Span<StreamEvent> buffer) => _reader.Read(buffer);

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
            var count = Read(buffer.Span);
            if (count > 0 || !await WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                return count > 0 ? count : Read(buffer.Span);
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
    /// not look at them again: to the newest event, or to where the subscription has ended behind it. For the reader, between reads.
    /// </summary>
    /// <returns>The cursor, moved or not.</returns>
    public EventCursor? Checkpoint()
    {
        if (!IsDiscarding)
        {
            _reader.Checkpoint();
        }

        return Cursor;
    }

    /// <summary>
    /// Ends it as <see cref="EndReason.Completed"/>, if it has not ended: its reader has had all it came for, such as the one run of a topic that goes on. What waits
    /// unread is discarded. Does not wait for a running handler.
    /// </summary>
    public void Complete() => End(EventStreaming.EndReason.Completed);

    /// <summary>Ends it as <see cref="EndReason.Disposed"/>, if it has not ended. What waits unread is discarded. Does not wait for a running handler.</summary>
    public ValueTask DisposeAsync()
    {
        End(EventStreaming.EndReason.Disposed);
        return ValueTask.CompletedTask;
    }

    /// <summary>One warning for each time it turns slow, not one for each event. Under a topic's lock, so it is written elsewhere.</summary>
    internal void OnSlow(string topic)
    {
        if (!Volatile.Read(ref _isSlow))
        {
            Volatile.Write(ref _isSlow, true);
            HostCode.Queue(static state => state.Subscription._bus.OnSlow(state.Subscription, state.Topic), (Subscription: this, Topic: topic));
        }
    }

    /// <summary>Its reader has found nothing more to read: if it is slow again, that is another time.</summary>
    internal void OnCaughtUp() => Volatile.Write(ref _isSlow, false);

    /// <summary>Wakes a waiting reader, as for a keepalive. Any thread.</summary>
    internal void Wake() => Queue.Signal(ControlEvents.Wake);

    /// <summary>How it began, for a transport that always says so. Then it is not said again by a read.</summary>
    internal StreamEvent TakeOpening()
    {
        _reader.TakeOpening();

        // Made now, not when it subscribed: what was published in between is told with what was there before, and nothing of that is news.
        if (_attachments.Origin is { } origin && Topic is not null && _bus.FindTopic(Topic)?.Head is { } head && string.Equals(head.EpochToken, origin.Epoch, StringComparison.Ordinal))
        {
            HeadAtStart = Math.Max(HeadAtStart, head.Sequence);
        }

        return CreateOpening(Cursor);
    }

    /// <summary>How it ended, for a transport, whose reader has read all by now.</summary>
    internal StreamEvent CreateEnding(EndReason reason)
    {
        // Behind what the filter held back, too: a client that resumed before it would have the topic's end looked for again and again.
        var cursor = Checkpoint();
        return ControlEvents.Create(
            _reader.LastOrigin ?? _attachments.Origin ?? ControlEvents.Wake.Origin,
            cursor?.Sequence ?? 0,
            _bus.TimeProvider.GetUtcNow(),
            ControlEvents.EndType,
            new StreamEnding(reason, cursor?.ToString()));
    }

    /// <summary>Waits until there may be something to read. False when it has ended and nothing is left.</summary>
    internal ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _reader.WaitAsync(cancellationToken);

    /// <summary>The same for a reader that stays the only one.</summary>
    internal ValueTask<bool> WaitAsOnlyReaderAsync() => _reader.WaitAsOnlyReaderAsync();

    /// <summary>The handler's loop has returned, and so the subscription has ended.</summary>
    internal void OnRunnerFinished() => _lifetime.Finish();

    private StreamEvent CreateOpening(EventCursor? start) => ControlEvents.Create(
        _attachments.Origin ?? ControlEvents.Wake.Origin,
        start?.Sequence ?? 0,
        _bus.TimeProvider.GetUtcNow(),
        ControlEvents.OpenType,
        new StreamOpening(Outcome, start?.ToString(), Options.IgnoredTypes, HeadAtStartOf(_attachments.Origin)));

    private string? HeadAtStartOf(EventOrigin? origin) => origin is null ? null : new EventCursor(origin.Epoch, HeadAtStart).ToString();
}
