using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>Knows of topics what a test has said.</summary>
internal sealed class StubSnapshots : ITopicSnapshots
{
    public static readonly EventTypeDescriptor Type = new("test.snapshot");

    private readonly ConcurrentDictionary<string, StreamEvent> _events = new(StringComparer.Ordinal);

    public void Add(EventStreamingBuilder builder) => builder.Services.AddKeyedSingleton<ITopicSnapshots>(builder.Name, this);

    public StreamEvent Set(string topic, EventCursor cursor, object data) =>
        _events[topic] = StreamEvent.CreateSnapshot(Type, topic, cursor, DateTimeOffset.UnixEpoch, data);

    public StreamEvent? FindSnapshot(string topic) => _events.GetValueOrDefault(topic);
}
