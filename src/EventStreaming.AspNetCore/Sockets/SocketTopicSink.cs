namespace EventStreaming.AspNetCore;

/// <summary>Writes one topic's stream into a socket that carries others, too. It ends that topic, never the socket.</summary>
internal sealed class SocketTopicSink(SocketWriter writer, EventEncoder encoder, string topic) : IEventSink
{
    private EventCursor? _last;
    private volatile bool _isWriting;
    private volatile bool _isEnding;

    /// <summary>Whether the last write has failed, or was given up: nothing more can be written in order to this socket.</summary>
    public bool IsBroken => _isWriting;

    /// <summary>Whether the client may know already that this stream has ended.</summary>
    public bool IsEnding => _isEnding;

    public async ValueTask WriteAsync(ReadOnlyMemory<StreamEvent> batch, CancellationToken cancellationToken)
    {
        _isWriting = true;
        if (!batch.IsEmpty)
        {
            var last = batch.Span[^1];
            _last = last.Cursor;
            _isEnding |= last is { IsControl: true, Data: StreamEnding };
        }

        await writer.SendAsync(batch, encoder, cancellationToken).ConfigureAwait(false);
        _isWriting = false;
    }

    /// <summary>Sends nothing unless the reader has moved on over events that its filter held back: that somebody is there, the socket's own pings find out.</summary>
    public async ValueTask KeepAliveAsync(EventCursor? cursor, CancellationToken cancellationToken)
    {
        if (cursor is { } place && place != _last)
        {
            _isWriting = true;
            _last = place;
            await writer.SendAsync(SocketReplies.Checkpoint(topic, place), cancellationToken).ConfigureAwait(false);
            _isWriting = false;
        }
    }

    public ValueTask CloseAsync(EndReason reason, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
