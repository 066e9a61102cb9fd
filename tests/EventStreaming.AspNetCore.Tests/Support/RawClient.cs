using System.Net.Sockets;
using System.Text;
using EventStreaming.Tests.Support;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>A bare socket that speaks HTTP/1.1 by hand: for clients that misbehave.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;

    private RawClient(Socket socket) => _socket = socket;

    /// <param name="address">Where.</param>
    /// <param name="head">The request line and headers, each line without its end.</param>
    /// <param name="receiveBuffer">What the system takes in for a client that does not read.</param>
    public static async Task<RawClient> SendAsync(Uri address, IEnumerable<string> head, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        await socket.ConnectAsync(address.Host, address.Port);
        var text = string.Concat(head.Append($"Host: {address.Authority}").Select(static line => line + "\r\n")) + "\r\n";
        await socket.SendAsync(Encoding.Latin1.GetBytes(text));
        return new RawClient(socket);
    }

    /// <summary>Reads until some text has come.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        var read = new StringBuilder();
        var buffer = new byte[4_096];
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = await _socket.ReceiveAsync(buffer).WithinSafetyAsync();
            if (count == 0)
            {
                throw new EndOfStreamException($"The connection has ended before '{text}' came: {read}");
            }

            read.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return read.ToString();
    }

    /// <summary>Reads all there is until the other side ends the connection.</summary>
    /// <returns>Whether it was cut off: reset, not closed.</returns>
    public async Task<bool> ReadToCutAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer).WithinSafetyAsync() > 0)
            {
                // On to the end.
            }

            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>Sends one short text message of a WebSocket, masked with zeros.</summary>
    public async Task SendFrameAsync(string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        await _socket.SendAsync((byte[])[0x81, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]);
    }

    /// <summary>Sends nothing more: what the other side may be waiting for does not come.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Goes away without a word.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();
}
