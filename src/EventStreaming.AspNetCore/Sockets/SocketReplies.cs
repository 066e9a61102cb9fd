using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace EventStreaming.AspNetCore;

/// <summary>Writes what a client is told beside events. No exception's text gets in here.</summary>
internal static class SocketReplies
{
    public static ReadOnlyMemory<byte> Pong { get; } = Write("pong", topic: null);

    public static ReadOnlyMemory<byte> Subscribed(string topic) => Write("subscribed", topic);

    public static ReadOnlyMemory<byte> Unsubscribed(string topic) => Write("unsubscribed", topic);

    /// <summary>Where a client stands whose filter held events back: it resumes from there.</summary>
    public static ReadOnlyMemory<byte> Checkpoint(string topic, EventCursor cursor) => Write(writer =>
    {
        writer.WriteString("topic"u8, topic);
        WriteCursor(writer, cursor);
    });

    /// <summary>What was wrong, and what to do.</summary>
    /// <param name="action">The command's action; null when it has none that is known.</param>
    /// <param name="topic">The command's topic; null when it has none that could be one.</param>
    /// <param name="refusal">What was wrong.</param>
    /// <param name="retryAfter">When to try again, if it must wait.</param>
    public static ReadOnlyMemory<byte> Error(string? action, string? topic, Refusal refusal, TimeSpan retryAfter) => Write(writer =>
    {
        writer.WriteString("reply"u8, "error"u8);
        WriteIfAny(writer, "action"u8, action);
        WriteIfAny(writer, "topic"u8, topic);
        writer.WriteNumber("status"u8, refusal.Status);
        writer.WriteString("detail"u8, refusal.Detail);
        WriteIfAny(writer, "limit"u8, refusal.Limit);
        if (refusal.MustWait)
        {
            writer.WriteNumber("retryAfter"u8, (int)Math.Ceiling(Jitter.Upwards(retryAfter, factor: 2).TotalSeconds));
        }

        foreach (var (name, values) in refusal.Lists)
        {
            writer.WriteStartArray(name);
            foreach (var value in values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
        }
    });

    public static void WriteCursor(Utf8JsonWriter writer, EventCursor cursor)
    {
        Span<char> text = stackalloc char[EventCursor.MaxLength];
        cursor.EpochToken.CopyTo(text);
        var length = cursor.EpochToken.Length;
        text[length++] = '-';
        cursor.Sequence.TryFormat(text[length..], out var digits, provider: CultureInfo.InvariantCulture);
        writer.WriteString("cursor"u8, text[..(length + digits)]);
    }

    private static byte[] Write(string reply, string? topic) => Write(writer =>
    {
        writer.WriteString("reply"u8, reply);
        WriteIfAny(writer, "topic"u8, topic);
    });

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteIfAny(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
