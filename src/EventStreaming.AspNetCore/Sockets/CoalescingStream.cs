using System.Buffers;

namespace EventStreaming.AspNetCore;

/// <summary>
/// Between a WebSocket, which writes to the connection for each message, and the connection: holds back what is written while
/// several messages are sent, so that they go out in one write. Beyond a buffer's length it writes and waits, so it hides no slow client.
/// </summary>
/// <remarks>
/// Reads are passed on. Writes may come from two sides at once: the WebSocket's own (messages, and pings and pongs whenever it likes), and the sender's flush.
/// </remarks>
internal sealed class CoalescingStream(Stream connection) : Stream
{
    private const int BufferLength = 32 * 1024;

    private readonly SemaphoreSlim _gate = new(1, 1);

    // Rented while something is in it: an idle connection holds none.
    private byte[]? _buffer;
    private int _length;
    private bool _isHolding;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>From here on nothing is written that fits into the buffer.</summary>
    public void Hold() => Volatile.Write(ref _isHolding, true);

    /// <summary>Writes what was held back.</summary>
    public async ValueTask ReleaseAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            Volatile.Write(ref _isHolding, false);
            await WriteBufferAsync(CancellationToken.None).ConfigureAwait(false);
            await connection.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
#pragma warning disable VSTHRD103 // It waits for nothing.
        if (!_gate.Wait(0, CancellationToken.None))
#pragma warning restore VSTHRD103
        {
            return WriteLaterAsync(buffer, cancellationToken);
        }

        if (TryKeep(buffer.Span))
        {
            _gate.Release();
            return ValueTask.CompletedTask;
        }

        return WriteThroughAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _isHolding) ? Task.CompletedTask : connection.FlushAsync(cancellationToken);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => connection.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // A WebSocket does neither; a server's connection allows neither.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        // Not the gate and the buffer: an abort comes while a write is under way.
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask WriteLaterAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (TryKeep(buffer.Span))
        {
            _gate.Release();
            return;
        }

        await WriteThroughAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>In the gate, which it leaves.</summary>
    private async ValueTask WriteThroughAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await WriteBufferAsync(cancellationToken).ConfigureAwait(false);
            if (!TryKeep(buffer.Span))
            {
                await connection.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private bool TryKeep(ReadOnlySpan<byte> bytes)
    {
        if (!_isHolding || bytes.Length > BufferLength - _length)
        {
            return false;
        }

        _buffer ??= ArrayPool<byte>.Shared.Rent(BufferLength);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
        return true;
    }

    private async ValueTask WriteBufferAsync(CancellationToken cancellationToken)
    {
        if (_buffer is { } buffer)
        {
            // Not returned when the write fails: it may still be read.
            await connection.WriteAsync(buffer.AsMemory(0, _length), cancellationToken).ConfigureAwait(false);
            (_buffer, _length) = (null, 0);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
