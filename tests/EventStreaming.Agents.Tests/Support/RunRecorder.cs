using System.Text.Json;

namespace EventStreaming.Agents.Tests.Support;

/// <summary>A bus with the agent catalog, and what was published in one topic of it.</summary>
internal sealed class RunRecorder : IAsyncDisposable
{
    public const string Topic = "session-1";

    public RunRecorder(EventStreamingOptions? options = null, TimeProvider? timeProvider = null) =>
        Bus = new EventBus(options ?? new EventStreamingOptions { History = { Capacity = 65_536 } }, AgentEvents.Catalog, timeProvider);

    public EventBus Bus { get; }

    /// <summary>Everything that was published until now, workers' words included.</summary>
    public IReadOnlyList<StreamEvent> Events
    {
        get
        {
            var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, From = EventCursor.Start, IncludeWorkers = true, EndOnTerminal = false, EndOnHostStopping = false });
            var events = new List<StreamEvent>();
            while (reader.TryRead(out var item))
            {
                events.Add(item);
            }

            _ = reader.DisposeAsync().AsTask();
            return events;
        }
    }

    /// <summary>The types of everything that was published, in order.</summary>
    public string Story => string.Join(' ', Types);

    public IReadOnlyList<string> Types => [.. Events.Select(static item => item.Type)];

    public IReadOnlyList<TData> All<TData>() => [.. Events.Select(static item => item.Data).OfType<TData>()];

    public TData Single<TData>() => All<TData>().Single();

    public static JsonElement Json(string json) => JsonSerializer.Deserialize<JsonElement>(json);

    public ValueTask DisposeAsync() => Bus.DisposeAsync();
}
