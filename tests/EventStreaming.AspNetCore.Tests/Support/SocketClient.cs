using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using EventStreaming.Tests.Support;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>A client's side of one socket.</summary>
internal sealed class SocketClient : IDisposable
{
    public const string Path = "/ws";

    private readonly byte[] _buffer = new byte[256 * 1024];

    public ClientWebSocket Socket { get; } = new();

    /// <summary>With what the server has closed.</summary>
    public int Code => Socket.CloseStatus is { } status ? (int)status : 0;

    public static async Task<SocketClient> ConnectAsync(StreamHost host, string path = Path, Action<ClientWebSocketOptions>? configure = null)
    {
        var client = new SocketClient();
        client.Socket.Options.CollectHttpResponseDetails = true;
        configure?.Invoke(client.Socket.Options);
        await client.Socket.ConnectAsync(new Uri($"ws://{host.Address.Authority}{path}"), CancellationToken.None).WithinSafetyAsync();
        return client;
    }

    /// <summary>Connects, and expects not to be let in.</summary>
    public static async Task<int> RefusedAsync(StreamHost host, string path = Path, Action<ClientWebSocketOptions>? configure = null)
    {
        using var client = new ClientWebSocket();
        client.Options.CollectHttpResponseDetails = true;
        configure?.Invoke(client.Options);
        try
        {
            await client.ConnectAsync(new Uri($"ws://{host.Address.Authority}{path}"), CancellationToken.None).WithinSafetyAsync();
            return 101;
        }
        catch (WebSocketException)
        {
            return (int)client.HttpStatusCode;
        }
    }

    public Task SendAsync(string text) => Socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).WithinSafetyAsync();

    /// <summary>Subscribes, and returns the answer.</summary>
    public async Task<JsonElement> SubscribeAsync(string topic, string? cursor = null, string more = "")
    {
        await SendAsync($$"""{"action":"subscribe","topic":{{JsonSerializer.Serialize(topic)}},"cursor":{{JsonSerializer.Serialize(cursor)}}{{more}}}""");
        return await NextReplyAsync();
    }

    /// <summary>The next message; null when the server has closed.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        var length = 0;
        while (true)
        {
            var result = await Socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None).AsTask().WithinSafetyAsync();
            if (result.MessageType == WebSocketMessageType.Close)
            {
                await Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WithinSafetyAsync();
                return null;
            }

            length += result.Count;
            if (result.EndOfMessage)
            {
                return JsonDocument.Parse(_buffer.AsMemory(0, length).ToArray()).RootElement;
            }
        }
    }

    public async Task<JsonElement> NextMessageAsync() => await NextAsync() ?? throw new EndOfStreamException($"Closed with {Code}: {Socket.CloseStatusDescription}");

    public async Task<JsonElement> NextReplyAsync()
    {
        while (true)
        {
            var message = await NextMessageAsync();
            if (message.TryGetProperty("reply", out _))
            {
                return message;
            }
        }
    }

    /// <summary>The next message that is an event, past the replies.</summary>
    public async Task<JsonElement> NextEventAsync()
    {
        while (true)
        {
            var message = await NextMessageAsync();
            if (message.TryGetProperty("event", out _))
            {
                return message;
            }
        }
    }

    public async Task<IReadOnlyList<JsonElement>> NextEventsAsync(int count)
    {
        var events = new List<JsonElement>();
        while (events.Count < count)
        {
            events.Add(await NextEventAsync());
        }

        return events;
    }

    /// <summary>Reads all there is until the server closes.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReadToCloseAsync()
    {
        var messages = new List<JsonElement>();
        while (await NextAsync() is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }

    public void Dispose() => Socket.Dispose();
}
