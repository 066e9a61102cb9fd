using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;

namespace EventStreaming.Client.Tests.Support;

/// <summary>Relays as an app makes them, without a container.</summary>
internal static class Relays
{
    public const string Topic = "session-1";

    public static EventBus CreateBus(Action<EventStreamingOptions>? configure = null)
    {
        var options = new EventStreamingOptions();
        configure?.Invoke(options);
        return new EventBus(options, SampleTypes.Catalog);
    }

    public static EventRelay Create(
        EventBus bus, string? template, Action<EventRelayOptions>? configure = null, TimeProvider? clock = null, LogRecorder? log = null, Action<EventStreamClientOptions>? client = null)
    {
        var options = new EventRelayOptions { Upstream = template, OpenTimeout = TimeSpan.FromMinutes(1) };
        configure?.Invoke(options);
        return new EventRelay(bus, StreamClients.Create(client ?? AtOnce), options, clock, log);
    }

    public static void AtOnce(EventStreamClientOptions options)
    {
        options.ReconnectDelay = TimeSpan.FromMilliseconds(1);
        options.MaxReconnectDelay = TimeSpan.FromMilliseconds(2);
        options.MaxServerDelay = TimeSpan.Zero;
    }

    public static Task<TopicOpening> OpenAsync(this EventRelay relay, string topic = Topic, CancellationToken cancellationToken = default, params string[] via) =>
        relay.OpenAsync(new TopicRequest(topic, via), cancellationToken).AsTask().WithinSafetyAsync();

    public static EventSubscription SubscribeFrom(this EventBus bus, EventCursor? from, string topic = Topic) => bus.Subscribe(topic, from);

    /// <summary>The next event of a subscription.</summary>
    public static async Task<StreamEvent> NextAsync(this EventSubscription reader)
    {
        var buffer = new StreamEvent[1];
        return await reader.ReadAsync(buffer).AsTask().WithinSafetyAsync() == 1 ? buffer[0] : throw new InvalidOperationException($"It has ended: {reader.EndReason}.");
    }

    public static async Task<IReadOnlyList<StreamEvent>> NextAsync(this EventSubscription reader, int count)
    {
        var events = new List<StreamEvent>();
        while (events.Count < count)
        {
            events.Add(await reader.NextAsync());
        }

        return events;
    }

    public static async Task<UpstreamState> NextUpstreamAsync(this EventSubscription reader, UpstreamStatus status)
    {
        while (true)
        {
            if ((await reader.NextAsync()).Data is UpstreamState state && state.Status == status)
            {
                return state;
            }
        }
    }

    /// <summary>All that is left of a subscription that ends.</summary>
    public static async Task<IReadOnlyList<StreamEvent>> ReadToEndAsync(this EventSubscription reader)
    {
        var events = new List<StreamEvent>();
        await ReadAsync().WithinSafetyAsync();
        return events;

        async Task ReadAsync()
        {
            await foreach (var item in reader)
            {
                events.Add(item);
            }
        }
    }
}
