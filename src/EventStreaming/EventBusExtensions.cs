namespace EventStreaming;

/// <summary>Conveniences over <see cref="IEventBus"/>.</summary>
public static class EventBusExtensions
{
    /// <summary>Publishes an event whose payload the compiler checks against its declared type.</summary>
    /// <inheritdoc cref="IEventBus.Publish(string, in EventDraft)"/>
    public static StreamEvent Publish<TData>(this IEventBus bus, string topic, EventTypeDescriptor<TData> type, TData data)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(type);
        return bus.Publish(topic, type.Draft(data));
    }

    /// <summary>Subscribes to one topic with default options.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="from">Where to begin: see <see cref="SubscriptionOptions.From"/>.</param>
    /// <param name="cancellationToken">Ends the subscription as <see cref="EndReason.Cancelled"/>.</param>
    /// <inheritdoc cref="IEventBus.Subscribe(SubscriptionOptions, CancellationToken)" path="/exception"/>
    public static EventSubscription Subscribe(
        this IEventBus bus, string topic, EventCursor? from = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return bus.Subscribe(new SubscriptionOptions { Topic = topic, From = from }, cancellationToken);
    }
}
