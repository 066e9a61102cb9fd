using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EventStreaming.Client.Tests.Support;

/// <summary>A server's side of one socket, written by hand: it sends what a test says, be it a WebSocket's or not.</summary>
internal sealed class SocketPeer(HttpContext context, Stream connection)
{
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <summary>What goes over the wire as it is.</summary>
    public Stream Connection => connection;

    public WebSocket Socket { get; } = WebSocket.CreateFromStream(connection, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan });

    public HttpContext Context => context;

    /// <summary>Makes a socket of a request, and of it what the script says; afterwards it waits until the client is gone.</summary>
    public static Func<HttpContext, Task> Answer(Func<SocketPeer, Task> script) => async context =>
    {
#pragma warning disable CA5350 // The handshake's own (RFC 6455, section 4.2.2).
        var accept = SHA1.HashData(Encoding.ASCII.GetBytes(context.Request.Headers.SecWebSocketKey + KeySuffix));
#pragma warning restore CA5350
        context.Response.Headers.Connection = "Upgrade";
        context.Response.Headers.Upgrade = "websocket";
        context.Response.Headers.SecWebSocketAccept = Convert.ToBase64String(accept);
        await using var connection = await context.Features.Get<IHttpUpgradeFeature>()!.UpgradeAsync();
        try
        {
            var peer = new SocketPeer(context, connection);
            await script(peer);
            await peer.ReadToCloseAsync();
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException)
        {
            // The client has gone before the script was over.
        }
    };

    public Task SendAsync(params IEnumerable<string> messages) => SendEachAsync(messages).WithinSafetyAsync();

    /// <summary>The next message of the client; null when it has closed.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        var length = 0;
        while (true)
        {
            var result = await Socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None).AsTask().WithinSafetyAsync();
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            length += result.Count;
            if (result.EndOfMessage)
            {
                return JsonDocument.Parse(_buffer.AsMemory(0, length).ToArray()).RootElement;
            }
        }
    }

    /// <summary>Waits until the client subscribes, grants it, and sends what follows.</summary>
    public async Task<JsonElement> SubscribedAsync(params IEnumerable<string> messages)
    {
        var command = await NextAsync() ?? throw new EndOfStreamException("The client has closed.");
        await SendAsync(SocketWire.Subscribed(command.GetProperty("topic").GetString()!));
        await SendAsync(messages);
        return command;
    }

    public Task CloseAsync(int code, string? description = null) =>
        Socket.CloseOutputAsync((WebSocketCloseStatus)code, description, CancellationToken.None).WithinSafetyAsync();

    /// <summary>Reads until the client has closed.</summary>
    /// <returns>With what.</returns>
    public async Task<int> ReadToCloseAsync()
    {
        while (await NextAsync() is not null)
        {
            // What it says before is not asked for.
        }

        await CloseAsync(1000);
        return (int)Socket.CloseStatus!.Value;
    }

    /// <summary>Waits until the client is gone, and says nothing.</summary>
    public async Task StayAsync()
    {
        try
        {
            while (await connection.ReadAsync(_buffer) > 0)
            {
                // It is not answered.
            }
        }
        catch (IOException)
        {
            // Cut off.
        }
    }

    private async Task SendEachAsync(IEnumerable<string> messages)
    {
        foreach (var message in messages)
        {
            await Socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
    }
}
