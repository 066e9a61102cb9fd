namespace EventStreaming;

/// <summary>Handles every published event whose payload is a <typeparamref name="TData"/>, in every topic of a bus.</summary>
/// <typeparam name="TData">The payload's type.</typeparam>
/// <remarks>
/// Registered with <c>AddHandler</c>. A new instance is resolved for each event, from a scope of its own, so it may depend on scoped
/// services. Called for one event after another; a topic's events come in order.
/// </remarks>
public interface IEventHandler<in TData>
{
    /// <summary>Handles one event.</summary>
    /// <param name="data">The payload.</param>
    /// <param name="context">The event it came with.</param>
    /// <param name="cancellationToken">Cancelled when the host does not wait any longer.</param>
    ValueTask HandleAsync(TData data, StreamEvent context, CancellationToken cancellationToken);
}
