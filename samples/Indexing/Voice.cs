using EventStreaming;

namespace Indexing;

/// <summary>One agent's way to publish: all it says carries its source and its run. Thread-safe.</summary>
internal sealed class Voice(IEventBus bus, string topic, string source, string? runId, PublishedTally published)
{
    /// <summary>Who speaks.</summary>
    public string Source => source;

    /// <summary>The run of which it speaks.</summary>
    public string RunId { get; } = runId ?? Guid.CreateVersion7().ToString("N");

    public void Say<TData>(EventTypeDescriptor<TData> type, TData data) =>
        published.Add(bus.Publish(topic, type.Draft(data) with { Source = source, RunId = RunId }));

    /// <summary>Another agent, in the same topic, with a run of its own.</summary>
    public Voice Of(string otherSource) => new(bus, topic, otherSource, runId: null, published);
}
