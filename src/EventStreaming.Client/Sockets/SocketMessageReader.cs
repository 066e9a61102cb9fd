using System.Buffers;
using System.Net.WebSockets;

namespace EventStreaming.Client;

/// <summary>What has come next on a socket.</summary>
internal enum SocketRead
{
    Message,
    Close,
    Binary,

    /// <summary>A message that is too long, of which the beginning is there.</summary>
    TooBig,
}

/// <summary>Reads a server's messages, whole, up to a length: room is made as they come, not as they are announced.</summary>
internal sealed class SocketMessageReader(WebSocket socket, int maxBytes) : IDisposable
{
    private const int FirstLength = 4_096;

    private byte[]? _buffer;

    /// <summary>The message, or the beginning of one; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Message { get; private set; }

    public async ValueTask<SocketRead> ReadAsync()
    {
        // While nothing comes, no large buffer is held.
        if (_buffer?.Length > FirstLength)
        {
            Dispose();
        }

        var length = 0;
        var result = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None).ConfigureAwait(false);
        while (true)
        {
            length += result.Count;
            Message = _buffer.AsMemory(0, length);
            if (result.MessageType == WebSocketMessageType.Close)
            {
                return SocketRead.Close;
            }

            if (result.MessageType == WebSocketMessageType.Binary)
            {
                return SocketRead.Binary;
            }

            if (length > maxBytes)
            {
                return SocketRead.TooBig;
            }

            if (result.EndOfMessage)
            {
                return SocketRead.Message;
            }

            Grow(length);

            // A socket fills what it is given before it returns: it is never asked for more than tells that a message is too long.
            result = await socket.ReceiveAsync(_buffer.AsMemory(length, Math.Min(_buffer!.Length, maxBytes + 1) - length), CancellationToken.None).ConfigureAwait(false);
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
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(_buffer.Length * 2L, maxBytes + 1L));
            _buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
