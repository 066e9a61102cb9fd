namespace EventStreaming.AspNetCore;

/// <summary>Writes one more event behind the stream's opening, before all others.</summary>
internal sealed class PreludeSink(IEventSink inner, StreamEvent prelude) : IEventSink
{
    // Let go once it is written: the connection may last for hours.
    private StreamEvent? _prelude = prelude;

    public async ValueTask WriteAsync(ReadOnlyMemory<StreamEvent> batch, CancellationToken cancellationToken)
    {
        // The opening comes first, and alone.
        await inner.WriteAsync(batch, cancellationToken).ConfigureAwait(false);
        if (_prelude is { } first)
        {
            _prelude = null;
            await inner.WriteAsync(new[] { first }, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask KeepAliveAsync(EventCursor? cursor, CancellationToken cancellationToken) => inner.KeepAliveAsync(cursor, cancellationToken);

    public ValueTask CloseAsync(EndReason reason, CancellationToken cancellationToken) => inner.CloseAsync(reason, cancellationToken);
}
