using EventStreaming.Benchmarks.Contenders;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>
/// What is held by 10,000 idle topics without an event, by the first event in each with the room history makes for it, and by one idle
/// subscription to each; divided by 10,000. Names and payload are the caller's and not counted.
/// </summary>
internal sealed class MemoryFigures : IFigureSource
{
    private const int Count = 10_000;

    public string Name => "memory";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        string[] topics = [.. Enumerable.Range(0, Count).Select(static i => $"topic-{i}")];
        var subscriptions = new EventSubscription[Count];
        await using var bus = new EventBus();

        // The first of anything makes what all others share.
        bus.Publish(Payload.Topic, Payload.Type, Payload.Shared);
        await bus.Subscribe(Payload.Topic).DisposeAsync();
        bus.CloseTopic(Payload.Topic);

        var atStart = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var topic in topics)
        {
            await bus.Subscribe(topic).DisposeAsync();
        }

        var withTopics = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var topic in topics)
        {
            bus.Publish(topic, Payload.Type, Payload.Shared);
        }

        var withEvents = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++)
        {
            subscriptions[i] = bus.Subscribe(topics[i], EventCursor.End);
        }

        var withSubscriptions = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(subscriptions);
        return
        [
            new Figure("memory.topic", Each(withTopics - atStart), "B"),
            new Figure("memory.topic.first-event", Each(withEvents - withTopics), "B"),
            new Figure("memory.subscription", Each(withSubscriptions - withEvents), "B"),
        ];
    }

    private static double Each(long bytes) => (double)bytes / Count;
}
