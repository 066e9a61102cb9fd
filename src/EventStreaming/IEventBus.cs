namespace EventStreaming;

/// <summary>
/// An in-process event bus: publishers say what is happening in a topic; readers watch it live, late, or after a reconnect.
/// </summary>
/// <remarks>All members are thread-safe and may be called from anywhere, a handler included.</remarks>
public interface IEventBus
{
    /// <summary>The bus's name.</summary>
    string Name { get; }

    /// <summary>The declared event types.</summary>
    EventCatalog Catalog { get; }

    /// <summary>The topics there are now.</summary>
    IReadOnlyCollection<TopicInfo> Topics { get; }

    /// <summary>Publishes an event. See <see cref="Publish(string, in EventDraft)"/>.</summary>
    /// <param name="topic">The topic; created when there is none of that name.</param>
    /// <param name="type">The event type's name.</param>
    /// <param name="data">The payload: an object, a <see cref="JsonPayload"/>, or null.</param>
    /// <returns>The event as it was published, with its place.</returns>
    StreamEvent Publish(string topic, string type, object? data = null);

    /// <summary>
    /// Publishes an event: gives it the next place in its topic, keeps it in history and offers it to every subscription that is live.
    /// </summary>
    /// <remarks>
    /// Never waits for a reader and never throws because of one. It may be called from several threads at once; the topic's order is the
    /// order in which the calls got its lock. What a slow reader may lose is told to it: see <see cref="SubscriptionOptions.CriticalReserve"/>.
    /// </remarks>
    /// <param name="topic">The topic; created when there is none of that name.</param>
    /// <param name="draft">The event.</param>
    /// <returns>The event as it was published, with its place.</returns>
    /// <exception cref="ArgumentException">A name, an attribute or the payload is not as its documentation says.</exception>
    /// <exception cref="TopicLimitException">The topic is new and there is no room for another.</exception>
    /// <exception cref="ObjectDisposedException">The bus has been disposed.</exception>
    StreamEvent Publish(string topic, in EventDraft draft);

    /// <summary>
    /// Publishes as <see cref="Publish(string, in EventDraft)"/> does, and, if the event is critical and the bus has a store, completes when it
    /// is on stable storage. Without a store it is done when it returns.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="draft">The event.</param>
    /// <param name="cancellationToken">Ends the wait for the store; the event stays published.</param>
    /// <returns>The event as it was published.</returns>
    ValueTask<StreamEvent> PublishAsync(string topic, EventDraft draft, CancellationToken cancellationToken = default);

    /// <summary>Subscribes. The subscription is live when this returns: nothing published afterwards is missed without being told.</summary>
    /// <param name="options">What to read, from where.</param>
    /// <param name="cancellationToken">Ends the subscription as <see cref="EndReason.Cancelled"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="SubscriptionLimitException">There is no room for another subscription.</exception>
    /// <exception cref="TopicLimitException">The topic is new and there is no room for another.</exception>
    /// <exception cref="ObjectDisposedException">The bus has been disposed.</exception>
    EventSubscription Subscribe(SubscriptionOptions options, CancellationToken cancellationToken = default);

    /// <summary>
    /// Subscribes with a handler, called for one event after another on the thread pool. It never delays a publisher: when it is slow, its
    /// own subscription is. What it throws is logged and counted; <paramref name="onError"/> decides what then.
    /// </summary>
    /// <param name="options">What to read, from where.</param>
    /// <param name="handler">The handler, given published events and gaps; its token is cancelled when nobody waits for it any more: the subscription was disposed or cancelled, or the time to shut down is over.</param>
    /// <param name="onError">Whether to go on after an exception.</param>
    /// <param name="cancellationToken">Ends the subscription as <see cref="EndReason.Cancelled"/>.</param>
    /// <inheritdoc cref="Subscribe(SubscriptionOptions, CancellationToken)" path="/exception"/>
    EventSubscription Subscribe(
        SubscriptionOptions options,
        Func<StreamEvent, CancellationToken, ValueTask> handler,
        HandlerErrorPolicy onError = HandlerErrorPolicy.Continue,
        CancellationToken cancellationToken = default);

    /// <summary>Waits for the first event of a topic that a predicate accepts, be it a worker's, and be it behind the terminal one.</summary>
    /// <remarks>
    /// Only a null or a timeout out of its range is thrown at once; all else comes with the task. When events were evicted before the wait could
    /// look at them, or <paramref name="since"/> leads nowhere any more, the message of a timeout or an end says that the event may be among those.
    /// </remarks>
    /// <param name="topic">The topic; created when there is none of that name.</param>
    /// <param name="predicate">The test; called on the waiter's side, not the publisher's. What it throws ends the wait.</param>
    /// <param name="since">Where to begin: a cursor, <see cref="EventCursor.Start"/> to look back through all that is held, or null for now.</param>
    /// <param name="timeout">
    /// How long to wait: 0 to 4,294,967,294 ms (49 days); null or infinite for ever. What is there when the wait begins is looked through in any
    /// case, so 0 asks whether the event has come already.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The topic's name is not as <see cref="SubscriptionOptions.Topic"/> says, or the timeout is out of its range.</exception>
    /// <exception cref="TimeoutException">No such event came in time.</exception>
    /// <exception cref="EventStreamEndedException">
    /// The topic was closed, the bus stopped, or a critical event was evicted before the wait could look at it: see its
    /// <see cref="EventStreamEndedException.Reason"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="SubscriptionLimitException">There is no room for another subscription, which the wait is.</exception>
    /// <exception cref="TopicLimitException">The topic is new and there is no room for another.</exception>
    /// <exception cref="ObjectDisposedException">The bus has been disposed.</exception>
    Task<StreamEvent> WaitForAsync(
        string topic, Func<StreamEvent, bool> predicate, EventCursor? since = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default);

    /// <summary>A topic as it is now; null when there is none of that name. Creates none.</summary>
    TopicInfo? FindTopic(string topic);

    /// <summary>
    /// Closes a topic: its subscriptions end as <see cref="EndReason.TopicClosed"/> behind its newest event, those that lag when their readers have
    /// got there (one that is never read: when it is disposed, or the bus is), and its history goes. Publishing to
    /// that name again begins a new epoch, and so does subscribing: to let late viewers still see how a topic ended, publish a terminal event
    /// instead, and leave the topic to its idle timeout.
    /// </summary>
    /// <returns>Whether there was such a topic.</returns>
    bool CloseTopic(string topic);
}
