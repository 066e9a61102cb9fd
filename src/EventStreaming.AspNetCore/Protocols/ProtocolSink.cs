using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>
/// Writes one stream of a protocol into an HTTP response, each message as a block of <c>data:</c> alone. No <c>id:</c>, as nobody resumes in a protocol, and no
/// <c>retry:</c>: there are clients (httpx-sse) that take a block of it for an event without data. A comment, which keeps an idle connection open, disturbs none.
/// </summary>
/// <param name="context">The request.</param>
/// <param name="protocol">The protocol's name.</param>
/// <param name="stream">The stream.</param>
/// <param name="subscription">What it is fed from; completed when the stream is over, which ends the pump in order.</param>
/// <param name="silence">How long the connection is at most without a message or a comment while events come that are none in the protocol.</param>
/// <param name="timeProvider">Measures that.</param>
internal sealed class ProtocolSink(
    HttpContext context, string protocol, EventProtocolStream stream, EventSubscription subscription, TimeSpan silence, TimeProvider timeProvider)
    : ResponseSink(context), IMessageWriter
{
    /// <summary>The longest frame for which the pipe is asked for room in one piece.</summary>
    private const int MaxInOne = 4_096;

    private bool _hasBegun;
    private int _unflushed;
    private long _lastFlush;

    void IMessageWriter.Write(ReadOnlySpan<byte> message)
    {
        var length = SseFields.LengthOfLine(message);
        if (length <= MaxInOne && message.IndexOfAny((byte)'\r', (byte)'\n') < 0)
        {
            Output.Advance(SseFields.WriteLine(Output.GetSpan(length), message));
        }
        else
        {
            SseFields.WriteData(Output, message);
            Output.Write("\n"u8);
        }

        _unflushed += length;
    }

    protected override async ValueTask WriteBatchAsync(ReadOnlyMemory<StreamEvent> batch, CancellationToken cancellationToken)
    {
        if (!_hasBegun)
        {
            // Flushed even when that is nothing: the client gets the headers.
            _hasBegun = true;
            Call(() => stream.Begin(this));
            await FlushAllAsync(cancellationToken).ConfigureAwait(false);
        }

        for (var next = 0; next < batch.Length && !stream.IsOver;)
        {
            next = Fill(batch.Span, next);
            if (_unflushed > 0 || IsSilent())
            {
                await FlushAllAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        if (stream.IsOver)
        {
            // Behind the flush: what the client was sent is there before the stream ends.
            subscription.Complete();
        }
    }

    protected override void WriteKeepAlive(EventCursor? cursor)
    {
        _lastFlush = timeProvider.GetTimestamp();
        Output.Write(SseFields.Comment);
    }

    protected override async ValueTask CloseInOrderAsync(EndReason reason, CancellationToken cancellationToken)
    {
        if (!stream.IsOver && reason != EndReason.TransportClosed)
        {
            Call(() => stream.Close(reason, this));
            await FlushAllAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes events until all are in the pipe, or as much as may lie in it, or the stream is over.</summary>
    /// <returns>The first event that is not written.</returns>
    private int Fill(ReadOnlySpan<StreamEvent> batch, int next)
    {
        try
        {
            while (next < batch.Length && !stream.IsOver && _unflushed < FlushAt)
            {
                stream.Write(batch[next++], this);
            }

            return next;
        }
        catch (Exception exception) when (LooksLikeTransport(exception))
        {
            throw Failed(exception);
        }
    }

    /// <summary>The pump takes a batch for a sign of life, but events that are no message in the protocol are none on the wire.</summary>
    private bool IsSilent()
    {
        if (silence == Timeout.InfiniteTimeSpan || timeProvider.GetElapsedTime(_lastFlush) < silence)
        {
            return false;
        }

        Output.Write(SseFields.Comment);
        return true;
    }

    private ValueTask FlushAllAsync(CancellationToken cancellationToken)
    {
        _unflushed = 0;
        _lastFlush = timeProvider.GetTimestamp();
        return FlushAsync(cancellationToken);
    }

    private void Call(Action call)
    {
        try
        {
            call();
        }
        catch (Exception exception) when (LooksLikeTransport(exception))
        {
            throw Failed(exception);
        }
    }

    /// <summary>What the protocol's own code throws must not be taken for the connection's failure, of which nobody is told.</summary>
    private static bool LooksLikeTransport(Exception exception) => exception is OperationCanceledException or IOException or ObjectDisposedException;

    private InvalidOperationException Failed(Exception exception) => new($"The protocol '{protocol}' has failed.", exception);
}
