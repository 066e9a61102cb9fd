using System.Threading.Channels;

namespace EventStreaming;

/// <summary>
/// Writes events into a channel, for code that already reads one. The channel's own bound is the transport's backpressure: use
/// <see cref="BoundedChannelFullMode.Wait"/>, as the <c>Drop…</c> modes lose events without saying so.
/// </summary>
public sealed class ChannelSink : IEventSink
{
    private readonly ChannelWriter<StreamEvent> _writer;

    /// <summary>Creates a sink.</summary>
    /// <param name="writer">Where to write; completed when the stream ends; as <see cref="EndReason.SlowConsumer"/> or <see cref="EndReason.Faulted"/> with an <see cref="EventStreamEndedException"/>.</param>
    public ChannelSink(ChannelWriter<StreamEvent> writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<StreamEvent> batch, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < batch.Length; i++)
            {
                await _writer.WriteAsync(batch.Span[i], cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ChannelClosedException exception)
        {
            throw new IOException("The channel was completed by its reader's side.", exception);
        }
    }

    /// <summary>Does nothing: a channel has no keepalive.</summary>
    public ValueTask KeepAliveAsync(EventCursor? cursor, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask CloseAsync(EndReason reason, CancellationToken cancellationToken)
    {
        _writer.TryComplete(reason is EndReason.SlowConsumer or EndReason.Faulted
            ? new EventStreamEndedException($"The stream ended as {reason}; resume from the cursor of the last event.", reason, innerException: null)
            : null);
        return ValueTask.CompletedTask;
    }
}
