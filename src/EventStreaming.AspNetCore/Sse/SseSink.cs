using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>
/// Writes a stream into an HTTP response: copies the shared frames of a batch into the response's pipe and flushes once.
/// </summary>
/// <remarks>
/// It is the pump's, which makes one call at a time, except that it closes a sink whose write has not returned. Then, or when a write has
/// failed, the connection is aborted: nothing could be written in order any more, and a write to a stalled client would never return.
/// </remarks>
/// <param name="context">The request.</param>
/// <param name="encoder">Makes the frames.</param>
/// <param name="retry">How long the client waits before it reconnects.</param>
internal sealed class SseSink(HttpContext context, EventEncoder encoder, TimeSpan retry) : IEventSink
{
    /// <summary>What is copied before the pipe is asked whether it can take more: large batches would otherwise lie in it in full.</summary>
    private const int FlushAt = 32 * 1024;

    private const int Idle = 0;
    private const int Writing = 1;
    private const int GivenUp = 2;

    private readonly PipeWriter _output = context.Response.BodyWriter;
    private TaskCompletionSource? _returned;
    private int _state = Idle;
    private bool _hasFailed;
    private bool _hasBegun;
    private EventCursor? _lastId;

    public async ValueTask WriteAsync(ReadOnlyMemory<StreamEvent> batch, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            Begin();
            var next = 0;
            var written = 0;
            do
            {
                Fill(batch.Span, ref next, ref written);
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }
            while (next < batch.Length);

            if (!batch.IsEmpty && ResumablePlace.IsIn(batch.Span[^1]))
            {
                _lastId = batch.Span[^1].Cursor;
            }

            Exit(isDone: true);
        }
        catch
        {
            Exit(isDone: false);
            throw;
        }
    }

    /// <summary>
    /// A comment, or, when the reader has moved on over events that its filter held back, a block of an id alone: it dispatches nothing, but a
    /// client resumes from there.
    /// </summary>
    public async ValueTask KeepAliveAsync(EventCursor? cursor, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            if (cursor is { } place && place != _lastId)
            {
                SseFields.WriteId(_output, place);
                _output.Write("\n"u8);
                _lastId = place;
            }
            else
            {
                _output.Write(SseFields.Comment);
            }

            await FlushAsync(cancellationToken).ConfigureAwait(false);
            Exit(isDone: true);
        }
        catch
        {
            Exit(isDone: false);
            throw;
        }
    }

    /// <summary>
    /// Ends the stream in order where it can, as a client takes every end for a break and reconnects. When the host stops, the clients are
    /// told to come back at different times.
    /// </summary>
    public async ValueTask CloseAsync(EndReason reason, CancellationToken cancellationToken)
    {
        if (IsBroken(out var returned))
        {
            context.Abort();

            // The response is the server's again when the request's handler returns: no write may be under way then.
            await returned.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        else if (reason == EndReason.HostStopping)
        {
            SseFields.WriteRetry(_output, Jitter.Upwards(retry, factor: 3));
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Begin()
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            SseFields.WriteRetry(_output, retry);
        }
    }

    /// <summary>
    /// Copies frames until all are in the pipe, or as much as may lie in it. It asks the pipe for room only when that is used up, not for each frame: to ask
    /// and to tell took longer than to copy.
    /// </summary>
    /// <param name="batch">The events.</param>
    /// <param name="next">The first event that is not copied, or not in full.</param>
    /// <param name="written">How much of its frame is.</param>
    private void Fill(ReadOnlySpan<StreamEvent> batch, ref int next, ref int written)
    {
        var left = FlushAt;
        var room = Span<byte>.Empty;
        var used = 0;
        while (next < batch.Length && left > 0)
        {
            if (used == room.Length)
            {
                Advance(used);
                room = _output.GetSpan();
                used = 0;
            }

            var frame = encoder.GetBytes(batch[next]).Span[written..];
            var length = Math.Min(Math.Min(frame.Length, room.Length - used), left);
            frame[..length].CopyTo(room[used..]);
            used += length;
            left -= length;
            written += length;
            if (length == frame.Length)
            {
                next++;
                written = 0;
            }
        }

        Advance(used);
    }

    private void Advance(int bytes)
    {
        // The server's pipe takes nothing, not even none, for room that nobody has asked for.
        if (bytes > 0)
        {
            _output.Advance(bytes);
        }
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        var result = await _output.FlushAsync(cancellationToken).ConfigureAwait(false);

        // The server swallows writes to a connection that is gone, and a cancelled one it aborts without throwing.
        cancellationToken.ThrowIfCancellationRequested();
        if (result.IsCompleted || result.IsCanceled)
        {
            throw new IOException("The client is gone.");
        }
    }

    private void Enter() => Volatile.Write(ref _state, Writing);

    private void Exit(bool isDone)
    {
        _hasFailed |= !isDone;
        if (Interlocked.Exchange(ref _state, Idle) == GivenUp)
        {
            _returned!.TrySetResult(); // There is one when it is given up.
        }
    }

    /// <summary>Whether a write has failed or is under way, which at a close is one that was given up.</summary>
    private bool IsBroken(out Task returned)
    {
        _returned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _state, GivenUp, Writing) == Writing)
        {
            returned = _returned.Task;
            return true;
        }

        returned = Task.CompletedTask;
        return _hasFailed;
    }
}
