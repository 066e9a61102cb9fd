namespace EventStreaming;

/// <summary>
/// Says when an event is on stable storage. An event store implements it, beside reading the bus as a subscriber to all topics;
/// <see cref="IEventBus.PublishAsync"/> asks it about critical events.
/// </summary>
public interface IEventDurability
{
    /// <summary>Completes when the event is on stable storage.</summary>
    /// <param name="item">A critical event that has been published.</param>
    /// <param name="cancellationToken">Ends the wait; the event stays published.</param>
    ValueTask WaitUntilDurableAsync(StreamEvent item, CancellationToken cancellationToken);
}
