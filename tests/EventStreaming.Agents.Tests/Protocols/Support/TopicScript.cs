using EventStreaming.Tests.Support;

namespace EventStreaming.Agents.Tests.Protocols.Support;

/// <summary>A topic to which a test publishes, with ids and times that are the same in every run.</summary>
internal sealed class TopicScript : IAsyncDisposable
{
    public const string Topic = "session-1";

    private readonly ManualTimeProvider _clock = new();
    private readonly List<StreamEvent> _published = [];

    public TopicScript(EventStreamingOptions? options = null, EventCatalog? catalog = null) => Bus = new EventBus(options, catalog ?? AgentEvents.Catalog, _clock);

    public EventBus Bus { get; }

    public IReadOnlyList<StreamEvent> Published => _published;

    public StreamEvent Publish(string type, object? data, string? run = "run-1", string? source = null)
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        var item = Bus.Publish(Topic, new EventDraft(type, data)
        {
            RunId = run,
            Source = source,
            Id = new Guid(_published.Count + 1, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]),
        });
        _published.Add(item);
        return item;
    }

    public StreamEvent Publish<T>(EventTypeDescriptor<T> type, T data, string? run = "run-1", string? source = null) => Publish(type.Name, data, run, source);

    public ValueTask DisposeAsync() => Bus.DisposeAsync();
}
