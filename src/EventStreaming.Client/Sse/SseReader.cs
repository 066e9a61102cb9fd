using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace EventStreaming.Client;

/// <summary>
/// Reads a stream of server-sent events by the rules of the HTML standard (section 9.2), every one of them: any line end, each acted on at once,
/// also a CR that is the last byte to come; ids that count only from their blank line on. Memory is bounded by <see cref="SseReaderOptions"/>.
/// </summary>
/// <remarks>One stream, read once, by one reader at a time. Nothing here reconnects; <see cref="LastEventId"/> is where to resume from.</remarks>
public sealed class SseReader
{
    // Of a stream with many small events, fewer reads.
    private const int StreamBufferBytes = 16 << 10;

    private readonly PipeReader _pipe;
    private readonly bool _ownsPipe;
    private readonly SseDecoder _decoder;
    private readonly TimeSpan _readTimeout;
    private readonly TimeProvider _timeProvider;
    private long _bytesRead;
    private int _started;

    /// <summary>Creates a reader of a response's body. The stream stays the caller's to dispose.</summary>
    /// <param name="stream">The body.</param>
    /// <param name="options">Limits; null for the defaults. Later changes have no effect.</param>
    /// <param name="lastEventId">
    /// The id that this response resumes from, null or empty for none: it stands until the server sends another. Without it a reader of a second response would
    /// forget, at the first event without an id, where the first one was.
    /// </param>
    /// <param name="timeProvider">The clock of <see cref="SseReaderOptions.ReadTimeout"/>; null for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public SseReader(Stream stream, SseReaderOptions? options = null, string? lastEventId = null, TimeProvider? timeProvider = null)
        : this(PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: StreamBufferBytes, leaveOpen: true)), options, lastEventId, timeProvider) =>
        _ownsPipe = true;

    /// <summary>Creates a reader of a pipe, which stays the caller's to complete.</summary>
    /// <param name="pipe">The pipe.</param>
    /// <param name="options">Limits; null for the defaults. Later changes have no effect.</param>
    /// <param name="lastEventId">
    /// The id that this response resumes from, null or empty for none: it stands until the server sends another. Without it a reader of a second response would
    /// forget, at the first event without an id, where the first one was.
    /// </param>
    /// <param name="timeProvider">The clock of <see cref="SseReaderOptions.ReadTimeout"/>; null for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public SseReader(PipeReader pipe, SseReaderOptions? options = null, string? lastEventId = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        options ??= new SseReaderOptions();
        options.Validate();
        _pipe = pipe;
        _decoder = new SseDecoder(options, lastEventId);
        _readTimeout = options.ReadTimeout;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>
    /// Where to resume from: the id as of the last blank line read, whether or not its block was an event. <see langword="null"/> if there is none, or the
    /// server has cleared it. It never runs ahead of the event that the enumeration is at, and is right after any exception.
    /// </summary>
    public string? LastEventId => _decoder.Block.LastEventId;

    /// <summary>
    /// The server's latest valid <c>retry</c>, how long to wait before a reconnect: at most 24 days, whatever it said; <see langword="null"/> if none was sent. Per the
    /// standard it takes effect at the end of its line.
    /// </summary>
    public TimeSpan? Retry => _decoder.Block.Retry;

    /// <summary>The bytes that have come, comments included: as long as it grows the server is alive. May be read from any thread.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    internal int Capacity => _decoder.Block.Capacity;

    /// <summary>Reads events until the stream ends. A block that it ends in is dropped, and its id with it.</summary>
    /// <param name="cancellationToken">Ends the reading, with <see cref="OperationCanceledException"/>.</param>
    /// <returns>The events, each as soon as the last byte of its blank line is there.</returns>
    /// <exception cref="SseLimitException">An event is larger than the options allow. The events before it have been returned.</exception>
    /// <exception cref="TimeoutException">Nothing came for <see cref="SseReaderOptions.ReadTimeout"/>.</exception>
    /// <exception cref="InvalidOperationException">The stream has been read before.</exception>
    public async IAsyncEnumerable<SseFrame> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("A stream of events is read once. Create a reader for the next response.");
        }

        using var idle = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        try
        {
            var ended = false;
            while (!ended)
            {
                var result = await ReadAsync(idle, either.Token, cancellationToken).ConfigureAwait(false);
                var unread = result.Buffer;
                Volatile.Write(ref _bytesRead, _bytesRead + unread.Length);
                try
                {
                    while (TryRead(ref unread, out var frame))
                    {
                        yield return frame;
                    }
                }
                finally
                {
                    _pipe.AdvanceTo(unread.Start);
                }

                if (result.IsCanceled)
                {
                    throw new OperationCanceledException("The pipe's pending read was cancelled.");
                }

                ended = result.IsCompleted;
            }
        }
        finally
        {
            if (_ownsPipe)
            {
                await _pipe.CompleteAsync().ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<ReadResult> ReadAsync(CancellationTokenSource idle, CancellationToken either, CancellationToken cancellationToken)
    {
        var read = _pipe.ReadAsync(either);
        if (read.IsCompleted)
        {
            return await read.ConfigureAwait(false);
        }

        // Only while waiting: what the caller takes for an event is not the server's silence.
        idle.CancelAfter(_readTimeout);
        try
        {
            return await read.ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (idle.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"Nothing came for {_readTimeout} (SseReaderOptions.ReadTimeout), no keepalive either. Reconnect, or allow more than the server's keepalive interval.",
                exception);
        }
        finally
        {
            idle.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private bool TryRead(ref ReadOnlySequence<byte> bytes, out SseFrame frame)
    {
        var reader = new SequenceReader<byte>(bytes);
        while (!reader.End)
        {
            var unread = reader.UnreadSpan;
            var length = unread.Length;
            var found = _decoder.TryRead(ref unread, out frame);
            reader.Advance(length - unread.Length);
            if (found)
            {
                bytes = reader.UnreadSequence;
                return true;
            }
        }

        bytes = bytes.Slice(bytes.End);
        frame = default;
        return false;
    }
}
