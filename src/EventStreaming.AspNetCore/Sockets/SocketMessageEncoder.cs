using System.Buffers;
using System.Text.Json;

namespace EventStreaming.AspNetCore;

/// <summary>
/// Wraps a JSON format into complete messages, <c>{"topic":…,"type":…,"cursor":…,"event":…}</c>. Like every encoder it makes an event's message once,
/// and all sockets send the same bytes.
/// </summary>
/// <remarks>A client knows by the wrapping alone what it has to know in every format: of which topic this is, where it then stands, and whether it is a gap or an end.</remarks>
/// <param name="inner">The format of the event.</param>
internal sealed class SocketMessageEncoder(EventEncoder inner) : EventEncoder
{
    public override string Format => inner.Format;

    protected override void Encode(StreamEvent source, IBufferWriter<byte> output)
    {
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("topic"u8, source.Topic);
            writer.WriteString("type"u8, source.Type);
            if (ResumablePlace.IsIn(source))
            {
                SocketReplies.WriteCursor(writer, source.Cursor);
            }

            writer.WritePropertyName("event"u8);
        }

        // The event is the wrapped format's own, be it written with other escaping.
        Encode(inner, source, output);
        output.Write("}"u8);
    }
}
