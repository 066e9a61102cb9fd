using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>
/// Writes a stream into an HTTP response: copies the shared frames of a batch into the response's pipe and flushes once.
/// </summary>
/// <param name="context">The request.</param>
/// <param name="encoder">Makes the frames.</param>
/// <param name="retry">How long the client waits before it reconnects.</param>
internal sealed class SseSink(HttpContext context, EventEncoder encoder, TimeSpan retry) : ResponseSink(context)
{
    private bool _hasBegun;
    private EventCursor? _lastId;

    protected override async ValueTask WriteBatchAsync(ReadOnlyMemory<StreamEvent> batch, CancellationToken cancellationToken)
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
    }

    /// <summary>
    /// A comment, or, when the reader has moved on over events that its filter held back, a block of an id alone: it dispatches nothing, but a
    /// client resumes from there.
    /// </summary>
    protected override void WriteKeepAlive(EventCursor? cursor)
    {
        if (cursor is { } place && place != _lastId)
        {
            SseFields.WriteId(Output, place);
            Output.Write("\n"u8);
            _lastId = place;
        }
        else
        {
            Output.Write(SseFields.Comment);
        }
    }

    /// <summary>When the host stops, the clients are told to come back at different times.</summary>
    protected override async ValueTask CloseInOrderAsync(EndReason reason, CancellationToken cancellationToken)
    {
        if (reason == EndReason.HostStopping)
        {
            SseFields.WriteRetry(Output, Jitter.Upwards(retry, factor: 3));
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Begin()
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            SseFields.WriteRetry(Output, retry);
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
                room = Output.GetSpan();
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
            Output.Advance(bytes);
        }
    }
}
