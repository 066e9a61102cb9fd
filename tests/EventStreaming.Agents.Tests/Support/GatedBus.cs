using EventStreaming.Tests.Support;

namespace EventStreaming.Agents.Tests.Support;

/// <summary>A bus that keeps whoever asks it for a topic waiting while the gate is closed: so its reader of all topics gets slow.</summary>
internal sealed class GatedBus(EventBus inner) : IEventBus, IDisposable
{
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly TaskCompletionSource _waits = Signals.Create();

    /// <summary>Completes when someone waits at the gate.</summary>
    public Task Waits => _waits.Task.WithinSafetyAsync();

    public string Name => inner.Name;

    public EventCatalog Catalog => inner.Catalog;

    public IReadOnlyCollection<TopicInfo> Topics => inner.Topics;

    public void Close() => _open.Reset();

    public void Open() => _open.Set();

    public TopicInfo? FindTopic(string topic)
    {
        if (!_open.IsSet)
        {
            _waits.TrySetResult();
            _open.Wait();
        }

        return inner.FindTopic(topic);
    }

    public StreamEvent Publish(string topic, string type, object? data = null) => inner.Publish(topic, type, data);

    public StreamEvent Publish(string topic, in EventDraft draft) => inner.Publish(topic, draft);

    public ValueTask<StreamEvent> PublishAsync(string topic, EventDraft draft, CancellationToken cancellationToken = default) => inner.PublishAsync(topic, draft, cancellationToken);

    public EventSubscription Subscribe(SubscriptionOptions options, CancellationToken cancellationToken = default) => inner.Subscribe(options, cancellationToken);

    public EventSubscription Subscribe(
        SubscriptionOptions options,
        Func<StreamEvent, CancellationToken, ValueTask> handler,
        HandlerErrorPolicy onError = HandlerErrorPolicy.Continue,
        CancellationToken cancellationToken = default) => inner.Subscribe(options, handler, onError, cancellationToken);

    public Task<StreamEvent> WaitForAsync(
        string topic, Func<StreamEvent, bool> predicate, EventCursor? since = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        inner.WaitForAsync(topic, predicate, since, timeout, cancellationToken);

    public bool CloseTopic(string topic) => inner.CloseTopic(topic);

    public void Dispose() => _open.Dispose();
}
