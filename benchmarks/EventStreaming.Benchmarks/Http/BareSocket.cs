using System.Net.WebSockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace EventStreaming.Benchmarks.Http;

/// <summary>A WebSocket as one would write it by hand: sends what comes from a bounded channel, and reads until the client has left.</summary>
internal static class BareSocket
{
    public static async Task ServeAsync(HttpContext context, LoadSource<byte[]> source)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var channel = source.Open();
        var reading = ReadAsync(socket, channel.Writer);
        try
        {
            while (await channel.Reader.WaitToReadAsync())
            {
                while (channel.Reader.TryRead(out var message))
                {
                    await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
                }
            }
        }
        catch (WebSocketException)
        {
            // The client has left.
        }
        finally
        {
            source.Close(channel);
        }

        await reading;
    }

    private static async Task ReadAsync(WebSocket socket, ChannelWriter<byte[]> writer)
    {
        var buffer = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
                // Its subscribe, which nothing depends on here.
            }
        }
        catch (WebSocketException)
        {
            // Left without a close, as the clients of the load do.
        }

        writer.Complete();
    }
}
