namespace EventStreaming.Agents.Tests.Support;

/// <summary>A bus that passes everything on, but for what a test does in between.</summary>
internal abstract class DelegatingBus(EventBus inner) : IEventBus
{
    public string Name => inner.Name;

    public EventCatalog Catalog => inner.Catalog;

    public IReadOnlyCollection<TopicInfo> Topics => inner.Topics;

    public virtual TopicInfo? FindTopic(string topic) => inner.FindTopic(topic);

    public StreamEvent Publish(string topic, string type, object? data = null) => inner.Publish(topic, type, data);

    public virtual StreamEvent Publish(string topic, in EventDraft draft) => inner.Publish(topic, draft);

    public ValueTask<StreamEvent> PublishAsync(string topic, EventDraft draft, CancellationToken cancellationToken = default) => inner.PublishAsync(topic, draft, cancellationToken);

    public EventSubscription Subscribe(SubscriptionOptions options, CancellationToken cancellationToken = default) => inner.Subscribe(options, cancellationToken);

    public EventSubscription Subscribe(
        SubscriptionOptions options,
        Func<StreamEvent, CancellationToken, ValueTask> handler,
        HandlerErrorPolicy onError = HandlerErrorPolicy.Continue,
        CancellationToken cancellationToken = default) => inner.Subscribe(options, handler, onError, cancellationToken);

    public virtual Task<StreamEvent> WaitForAsync(
        string topic, Func<StreamEvent, bool> predicate, EventCursor? since = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        inner.WaitForAsync(topic, predicate, since, timeout, cancellationToken);

    public bool CloseTopic(string topic) => inner.CloseTopic(topic);
}
