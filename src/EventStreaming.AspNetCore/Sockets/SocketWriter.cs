using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;

namespace EventStreaming.AspNetCore;

/// <summary>
/// The one place where a socket is written to: its topics and replies take turns, each waiting until the connection has taken what it
/// sent. What waits for the connection at one time goes out in one write.
/// </summary>
/// <param name="socket">The socket.</param>
/// <param name="connection">What it writes to; null where the server does not show it, and each message is a write.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore holds nothing unless its wait handle is asked for, and a write may come after the end.")]
internal sealed class SocketWriter(WebSocket socket, CoalescingStream? connection)
{
    // First come, first served, so that no topic of a socket starves another.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _waiting;
    private bool _isClosed;

    /// <summary>Sends events, in order.</summary>
    /// <param name="batch">The events.</param>
    /// <param name="encoder">Makes the messages.</param>
    /// <param name="cancellationToken">Ends the wait for its turn, and what is left of the batch. A send under way it does not end: half a message would break the socket.</param>
    public async ValueTask SendAsync(ReadOnlyMemory<StreamEvent> batch, EventEncoder encoder, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var i = 0; i < batch.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await SendOneAsync(encoder.GetBytes(batch.Span[i])).ConfigureAwait(false);
            }

            await ReleaseAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends one message.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await SendOneAsync(message).ConfigureAwait(false);
            await ReleaseAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends the close, unless the socket has sent one itself; nothing is sent behind it.</summary>
    public async Task CloseAsync(SocketClose close, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _isClosed = true;
            if (connection is not null)
            {
                await connection.ReleaseAsync().ConfigureAwait(false);
            }

            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync((WebSocketCloseStatus)close.Code, close.Description, CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits until nobody writes any more, and lets nobody write again: the connection is the server's when the request has returned.</summary>
    public async Task StopAsync()
    {
        await _turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        _isClosed = true;
        _turn.Release();
    }

    private async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        if (_isClosed)
        {
            _turn.Release();
            throw new IOException("The socket is closed.");
        }

        connection?.Hold();
    }

    private async ValueTask SendOneAsync(ReadOnlyMemory<byte> message)
    {
        try
        {
            await socket.SendAsync(message, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or InvalidOperationException)
        {
            // The second is a socket's that the other side has closed meanwhile, or that was aborted.
            throw new IOException("The client is gone.", exception);
        }
    }

    /// <summary>Leaves the write to the next one, if one waits for its turn. One that gives up waiting ends the socket, and nothing is left then to be written.</summary>
    private ValueTask ReleaseAsync() => connection is null || Volatile.Read(ref _waiting) > 0 ? ValueTask.CompletedTask : connection.ReleaseAsync();
}
