using System.Text;

namespace EventStreaming.Agents.Mapping;

/// <summary>
/// A stream that does not stay silent for ever, and whose SSE events have a limit: the platform's SSE parser buffers an event of any length, so one that
/// never ends would take all memory.
/// </summary>
internal sealed class BoundedStream(Stream inner, int? frameLimit, TimeSpan readTimeout, TimeProvider timeProvider) : Stream
{
    private const int MaxBeginning = 80;

    private readonly byte[] _beginning = new byte[MaxBeginning];
    private int _begun;
    private long _frame;
    private bool _isLineEmpty = true;
    private bool _isAfterReturn;

    /// <summary>The first bytes that came, as far as they can be shown.</summary>
    public string Beginning => string.Concat(Encoding.UTF8.GetString(_beginning.AsSpan(0, _begun)).Select(static letter => char.IsControl(letter) ? ' ' : letter)).Trim();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        using (var patience = new CancellationTokenSource(readTimeout, timeProvider))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token))
        {
            try
            {
                read = await inner.ReadAsync(buffer, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Nothing came for {readTimeout}.", exception);
            }
        }

        var begins = Math.Min(read, MaxBeginning - _begun);
        buffer.Span[..begins].CopyTo(_beginning.AsSpan(_begun));
        _begun += begins;
        if (frameLimit is { } limit)
        {
            Measure(buffer.Span[..read], limit);
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously only.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Counts the bytes since the last empty line, which ends an event.</summary>
    private void Measure(ReadOnlySpan<byte> bytes, int limit)
    {
        while (!bytes.IsEmpty)
        {
            var at = bytes.IndexOfAny((byte)'\r', (byte)'\n');
            var line = at < 0 ? bytes.Length : at;
            _frame += line;
            if (_frame > limit)
            {
                throw new InvalidDataException($"An event is longer than {limit} bytes.");
            }

            if (line > 0)
            {
                (_isLineEmpty, _isAfterReturn) = (false, false);
            }

            if (at < 0)
            {
                return;
            }

            var isReturn = bytes[at] == '\r';
            if (isReturn || !_isAfterReturn)
            {
                _frame = _isLineEmpty ? 0 : _frame + 1;
                _isLineEmpty = true;
            }

            _isAfterReturn = isReturn;
            bytes = bytes[(at + 1)..];
        }
    }
}
