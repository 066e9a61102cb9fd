using EventStreaming;

namespace Indexing;

/// <summary>A bus that counts what is published through it, and passes everything on to another. Thread-safe.</summary>
/// <param name="bus">The other.</param>
/// <param name="published">Where it counts.</param>
public sealed class CountingBus(IEventBus bus, PublishedTally published) : IEventBus
{
    public string Name => bus.Name;

    public EventCatalog Catalog => bus.Catalog;

    public IReadOnlyCollection<TopicInfo> Topics => bus.Topics;

    public StreamEvent Publish(string topic, string type, object? data = null) => Count(bus.Publish(topic, type, data));

    public StreamEvent Publish(string topic, in EventDraft draft) => Count(bus.Publish(topic, draft));

    public async ValueTask<StreamEvent> PublishAsync(string topic, EventDraft draft, CancellationToken cancellationToken = default) =>
        Count(await bus.PublishAsync(topic, draft, cancellationToken));

    public EventSubscription Subscribe(SubscriptionOptions options, CancellationToken cancellationToken = default) => bus.Subscribe(options, cancellationToken);

    public EventSubscription Subscribe(
        SubscriptionOptions options,
        Func<StreamEvent, CancellationToken, ValueTask> handler,
        HandlerErrorPolicy onError = HandlerErrorPolicy.Continue,
        CancellationToken cancellationToken = default) => bus.Subscribe(options, handler, onError, cancellationToken);

    public Task<StreamEvent> WaitForAsync(
        string topic, Func<StreamEvent, bool> predicate, EventCursor? since = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        bus.WaitForAsync(topic, predicate, since, timeout, cancellationToken);

    public TopicInfo? FindTopic(string topic) => bus.FindTopic(topic);

    public bool CloseTopic(string topic) => bus.CloseTopic(topic);

    private StreamEvent Count(StreamEvent item)
    {
        published.Add(item);
        return item;
    }
}
