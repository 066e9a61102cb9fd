using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>One WebSocket from its beginning to its end.</summary>
/// <remarks>
/// <para>States: open → ending → closed. Whoever calls <see cref="End"/> first says how it ends: the client, its messages, a write that was too late,
/// the host's stop, or time. Then its topics end, a close is sent, and the client's is waited for; what takes too long is cut off.</para>
/// </remarks>
internal sealed class EventSocket(HttpContext context, WebSocket webSocket, SocketWriter writer, EventPumpOptions pump, TimeProvider timeProvider) : IDisposable
{
    private readonly TaskCompletionSource<SocketClose> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _gone = new();

    /// <summary>Cancelled when nothing more is to be sent, except the close.</summary>
    public CancellationToken Gone => _gone.Token;

    public SocketTopics Topics { get; } = new();

    /// <summary>Whether somebody has said how it ends.</summary>
    public bool IsEnding => _end.Task.IsCompleted;

    /// <summary>Ends it, if nobody has before.</summary>
    public void End(SocketClose close) => _end.TrySetResult(close);

    public async Task<SocketClose> RunAsync(SocketCommands commands, CancellationToken expired, CancellationToken stopping)
    {
        using var onGone = context.RequestAborted.UnsafeRegister(static state => ((EventSocket)state!).End(SocketClose.Gone), this);
        using var onExpired = expired.UnsafeRegister(static state => ((EventSocket)state!).End(SocketClose.AccessExpired), this);
        using var onStopping = stopping.UnsafeRegister(static state => ((EventSocket)state!).End(SocketClose.HostStopping), this);
        var reading = ReadAsync(commands);
        var close = await _end.Task.ConfigureAwait(false);
        if (!close.LetsTopicsEnd)
        {
            await _gone.CancelAsync().ConfigureAwait(false);
        }

        await Topics.CloseAsync().ConfigureAwait(false);
        await _gone.CancelAsync().ConfigureAwait(false);
        await CloseAsync(close, reading).ConfigureAwait(false);

        // The connection is the server's when this returns.
        await reading.ConfigureAwait(false);
        await writer.StopAsync().ConfigureAwait(false);
        return close;
    }

    public void Dispose() => _gone.Dispose();

    /// <summary>Reads until there is nothing more to read: also while the socket is ending, for the client's close. It never faults.</summary>
    private async Task ReadAsync(SocketCommands commands)
    {
        using var reader = new SocketMessageReader(webSocket, commands.MaxMessageBytes);
        try
        {
            while (true)
            {
                var (message, end) = await reader.ReadAsync().ConfigureAwait(false);
                if (end is not null)
                {
                    End(end);
                    if (end == SocketClose.ByClient)
                    {
                        return;
                    }

                    break;
                }

                if (!IsEnding)
                {
                    await HandleAsync(commands, message).ConfigureAwait(false);
                }
            }

            await SkipToCloseAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // To what is no WebSocket or no text, the socket itself has sent a close.
            End(webSocket.State == WebSocketState.CloseSent ? SocketClose.Malformed : SocketClose.Gone);
        }
    }

    /// <summary>Apart from the reads, as what the host's own code throws may be of the same types: a timeout of what an authorizer asks is not the client's leaving.</summary>
    private async Task HandleAsync(SocketCommands commands, ReadOnlyMemory<byte> message)
    {
        try
        {
            await commands.HandleAsync(message).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            (IsEnding || context.RequestAborted.IsCancellationRequested) && exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It was for a client that is gone.
        }
#pragma warning disable CA1031 // An authorizer's, a source's, or the host's configuration's: for the log. Its text is not for the client.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            commands.LogFailure(exception);
            End(SocketClose.Failed);
        }
    }

    private async Task SkipToCloseAsync()
    {
        var buffer = new byte[256];
        while ((await webSocket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).ConfigureAwait(false)).MessageType != WebSocketMessageType.Close)
        {
            // What it had sent before it heard of our close.
        }
    }

    private async Task CloseAsync(SocketClose close, Task reading)
    {
        if (close == SocketClose.Gone)
        {
            Abort();
            return;
        }

        // A client that has not read for so long is not given as long again.
        var isShort = close == SocketClose.TooSlow || close == SocketClose.HostStopping;
        using var late = new CancellationTokenSource(isShort ? pump.DrainTimeout : pump.WriteTimeout, timeProvider);
        try
        {
            await writer.CloseAsync(close, late.Token).WaitAsync(late.Token).ConfigureAwait(false);
            await reading.WaitAsync(late.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or InvalidOperationException or IOException or OperationCanceledException)
        {
            Abort();
        }
    }

    /// <summary>Ends every read and write that is under way.</summary>
    private void Abort()
    {
        webSocket.Abort();
        context.Abort();
    }
}
