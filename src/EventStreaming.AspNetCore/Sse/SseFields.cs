using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace EventStreaming.AspNetCore;

/// <summary>
/// Writes the fields of the event stream format (WHATWG HTML, section 9.2.6). Line ends are LF only: a reader that acts on a CR at once,
/// as the standard has it, would see the LF behind it as another line.
/// </summary>
internal static class SseFields
{
    public static ReadOnlySpan<byte> Comment => ":\n\n"u8;

    /// <summary>The id. A cursor is made of digits, lower-case letters and a dash, so it can hold no line end.</summary>
    public static void WriteId(IBufferWriter<byte> output, EventCursor cursor)
    {
        output.Write("id: "u8);
        Encoding.ASCII.GetBytes(cursor.EpochToken, output);
        output.Write("-"u8);
        WriteNumber(output, cursor.Sequence);
        output.Write("\n"u8);
    }

    /// <summary>The event's name. A type's name is made of visible ASCII characters, so it can hold no line end.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, string type)
    {
        output.Write("event: "u8);
        Encoding.ASCII.GetBytes(type, output);
        output.Write("\n"u8);
    }

    /// <summary>
    /// The data, a field for each of its lines. A line ends at CR, LF or CRLF: a lone CR that were let through would end the field, and
    /// what comes behind it could pass for an id or an event (GHSA-4hxc-9384-m385).
    /// </summary>
    public static void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> data)
    {
        while (true)
        {
            var end = data.IndexOfAny((byte)'\r', (byte)'\n');
            output.Write("data: "u8);
            output.Write(end < 0 ? data : data[..end]);
            output.Write("\n"u8);
            if (end < 0)
            {
                return;
            }

            var isPair = data[end] == '\r' && end + 1 < data.Length && data[end + 1] == '\n';
            data = data[(isPair ? end + 2 : end + 1)..];
        }
    }

    /// <summary>How long a block of one line of data is.</summary>
    public static int LengthOfLine(ReadOnlySpan<byte> data) => "data: "u8.Length + data.Length + "\n\n"u8.Length;

    /// <summary>Writes a block of data that has no line end.</summary>
    /// <returns>Its length.</returns>
    public static int WriteLine(Span<byte> output, ReadOnlySpan<byte> data)
    {
        "data: "u8.CopyTo(output);
        data.CopyTo(output["data: "u8.Length..]);
        var length = LengthOfLine(data);
        "\n\n"u8.CopyTo(output[(length - 2)..]);
        return length;
    }

    /// <summary>How long a client waits before it reconnects, as a block of its own.</summary>
    public static void WriteRetry(IBufferWriter<byte> output, TimeSpan retry)
    {
        output.Write("retry: "u8);
        WriteNumber(output, (long)retry.TotalMilliseconds);
        output.Write("\n\n"u8);
    }

    private static void WriteNumber(IBufferWriter<byte> output, long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out var length);
        output.Write(digits[..length]);
    }
}
