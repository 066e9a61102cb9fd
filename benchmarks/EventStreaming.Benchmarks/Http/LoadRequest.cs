using System.Net.Sockets;
using System.Text;

namespace EventStreaming.Benchmarks.Http;

/// <summary>What a client sends so that it is served. A response may come later: the framework's comes with its first event.</summary>
internal static class LoadRequest
{
    private static ReadOnlySpan<byte> EndOfHeaders => "\r\n\r\n"u8;

    public static async Task SendAsync(Socket socket, LoadVariant variant)
    {
        var isSocket = variant is LoadVariant.OurSocket or LoadVariant.BareSocket;
        var headers = isSocket
            ? "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            : "Accept: text/event-stream\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /{variant}/{LoadFrame.Topic} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n"));
        if (isSocket)
        {
            await ReadToBodyAsync(socket, new byte[4_096]);
            await socket.SendAsync(MaskedMessage($$"""{"action":"subscribe","topic":"{{LoadFrame.Topic}}"}"""));
        }
    }

    /// <summary>Reads up to the empty line behind the headers, and perhaps something of what follows it.</summary>
    /// <returns>How much of what follows it is in the buffer.</returns>
    public static async Task<int> ReadToBodyAsync(Socket socket, Memory<byte> buffer)
    {
        var read = 0;
        while (true)
        {
            read += await socket.ReceiveAsync(buffer[read..]);
            var end = buffer.Span[..read].IndexOf(EndOfHeaders);
            if (end >= 0)
            {
                return read - end - EndOfHeaders.Length;
            }
        }
    }

    /// <summary>A text message of less than 126 bytes, as a client sends it (RFC 6455, section 5). Masked with zeros, it is as it was.</summary>
    private static byte[] MaskedMessage(string text) => [0x81, (byte)(0x80 | text.Length), 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(text)];
}
