using System.Buffers;

namespace EventStreaming.AspNetCore;

/// <summary>
/// Wraps a text format into complete frames, <c>id</c>, <c>event</c> and <c>data</c>. Like every encoder it makes an event's frame once, and
/// all connections write the same bytes; the wrapped format's own bytes are not kept beside them.
/// </summary>
/// <param name="inner">The format of the data.</param>
/// <param name="namesEvents">Whether a frame names its event's type; otherwise a client gets every event as <c>message</c>.</param>
internal sealed class SseFrameEncoder(EventEncoder inner, bool namesEvents) : EventEncoder
{
    private const int MaxKept = 64 * 1024;

    // Between two events of one thread. Taken away while in use: a payload's converter may encode another event.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_scratch;

    public override string Format => inner.Format;

    protected override void Encode(StreamEvent source, IBufferWriter<byte> output)
    {
        if (ResumablePlace.IsIn(source))
        {
            SseFields.WriteId(output, source.Cursor);
        }

        if (namesEvents)
        {
            SseFields.WriteEvent(output, source.Type);
        }

        var scratch = t_scratch ?? new ArrayBufferWriter<byte>(1_024);
        t_scratch = null;
        scratch.ResetWrittenCount();
        Encode(inner, source, scratch);
        SseFields.WriteData(output, scratch.WrittenSpan);
        output.Write("\n"u8);
        if (scratch.Capacity <= MaxKept)
        {
            t_scratch = scratch;
        }
    }
}
