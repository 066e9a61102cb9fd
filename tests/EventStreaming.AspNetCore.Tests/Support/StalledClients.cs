using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>Clients that connect and then do not read, with so small buffers on the way that a server's write to them soon waits.</summary>
internal static class StalledClients
{
    public static IReadOnlyList<string> Handshake { get; } =
        ["GET /ws HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];

    public static Task<StreamHost> StartAsync(
        TimeProvider? clock = null, Action<WebApplication>? map = null, Action<WebApplicationBuilder>? configure = null) => StreamHost.StartAsync(map, configure: builder =>
    {
        configure?.Invoke(builder);
        if (clock is not null)
        {
            builder.Services.AddSingleton(clock);

            // However much time a test lets pass, nothing is forgotten for it.
            builder.Services.Configure<EventStreamingOptions>(static options => options.Topics.IdleTimeout = options.History.MaxAge = TimeSpan.FromDays(365));
        }

        builder.WebHost.UseSockets(static options => options.CreateBoundListenSocket = static endpoint =>
        {
            // Accepted sockets have it from the listening one.
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.SendBufferSize = 4_096;
            return socket;
        });
    });

    public static async Task<RawClient> ConnectAsync(StreamHost host, string topic)
    {
        var client = await RawClient.SendAsync(host.Address, [$"GET {StreamHost.PathOf(topic)} HTTP/1.1"], receiveBuffer: 2_048);
        await client.ReadUntilAsync("stream.open");
        return client;
    }

    /// <summary>A WebSocket, by hand, with one topic.</summary>
    public static async Task<RawClient> ConnectSocketAsync(StreamHost host, string topic)
    {
        var client = await RawClient.SendAsync(host.Address, Handshake, receiveBuffer: 2_048);
        await client.ReadUntilAsync("\r\n\r\n");
        await client.SendFrameAsync($$"""{"action":"subscribe","topic":"{{topic}}"}""");
        await client.ReadUntilAsync("stream.open");
        return client;
    }

    /// <summary>Publishes far more than all buffers on the way hold.</summary>
    public static void Flood(EventBus bus, string topic, int events = 40)
    {
        var payload = new string('x', 64 * 1024);
        for (var i = 0; i < events; i++)
        {
            bus.Publish(topic, SampleTypes.Asked, payload);
        }
    }
}
