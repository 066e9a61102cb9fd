namespace EventStreaming;

/// <summary>
/// The write side of a transport. Implement it and hand it to <see cref="EventPump"/>, which owns batching, keepalive, deadlines and
/// the end.
/// </summary>
/// <remarks>
/// The pump makes one call at a time, with one exception: when it gives up a write (its deadline, the transport gone, the drain time over,
/// the bus disposed), the write's token is cancelled and <see cref="CloseAsync"/> is called although the write may not have returned. The stream's own events (<see cref="ControlEvents"/>) come
/// through <see cref="WriteAsync"/> like all others: <c>stream.open</c> first, <c>stream.gap</c> in its place, <c>stream.end</c> last.
/// </remarks>
public interface IEventSink
{
    /// <summary>Writes events, in order, and flushes them: a reader shall see them now.</summary>
    /// <param name="batch">One or more events. The memory is valid only until the call completes.</param>
    /// <param name="cancellationToken">Cancelled at the write deadline, and when the transport is gone.</param>
    /// <exception cref="IOException">The other side is gone.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<StreamEvent> batch, CancellationToken cancellationToken);

    /// <summary>Writes what keeps an idle connection open, if the transport has such a thing.</summary>
    /// <param name="cursor">Where the reader stands, for a transport that can tell its client without an event; null when there is no such place.</param>
    /// <param name="cancellationToken">As for <see cref="WriteAsync"/>.</param>
    ValueTask KeepAliveAsync(EventCursor? cursor, CancellationToken cancellationToken);

    /// <summary>Ends the transport. Called once, last.</summary>
    /// <param name="reason">Why, to be told in the transport's own terms.</param>
    /// <param name="cancellationToken">Cancelled at the write deadline.</param>
    ValueTask CloseAsync(EndReason reason, CancellationToken cancellationToken);
}
