using System.Buffers;
using System.Net.WebSockets;

namespace EventStreaming.AspNetCore;

/// <summary>Reads a client's messages, whole, up to a length.</summary>
internal sealed class SocketMessageReader(WebSocket socket, int maxBytes) : IDisposable
{
    private const int FirstLength = 1_024;

    private byte[]? _buffer;

    /// <summary>The next message, valid until the next call, or else how the socket ends.</summary>
    public async ValueTask<(ReadOnlyMemory<byte> Message, SocketClose? End)> ReadAsync()
    {
        // While nothing comes, no buffer is held.
        Dispose();
        var length = 0;
        var result = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None).ConfigureAwait(false);
        while (true)
        {
            length += result.Count;
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return (default, SocketClose.ByClient);
            }

            if (result.MessageType == WebSocketMessageType.Binary)
            {
                return (default, SocketClose.Binary);
            }

            if (length > maxBytes)
            {
                return (default, SocketClose.TooBig(maxBytes));
            }

            if (result.EndOfMessage)
            {
                return (_buffer.AsMemory(0, length), null);
            }

            Grow(length);
            result = await socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Grow(int length)
    {
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(FirstLength);
        }
        else if (length == _buffer.Length)
        {
            // Never to much more than a message may have, and one byte for what tells that it is too long.
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(_buffer.Length * 2, maxBytes + 1));
            _buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
