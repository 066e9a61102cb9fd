using System.Text.Json;

namespace EventStreaming.Client;

/// <summary>A message of an event socket: an event, a place, or a reply. Members that are unknown are skipped.</summary>
internal struct SocketMessage
{
    // As deep as any writer writes: the event itself is read by its own reader.
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = 1_000 };

    public string? Reply;
    public string? Action;
    public string? Topic;
    public string? Type;
    public string? Cursor;
    public string? Detail;
    public int? Status;
    public int? RetryAfter;

    /// <summary>The event's JSON, a part of the message.</summary>
    public ReadOnlyMemory<byte>? Event;

    /// <summary>Reads one.</summary>
    /// <param name="utf8">The message.</param>
    /// <param name="names">The names that come again and again.</param>
    /// <param name="message">What it says.</param>
    /// <returns>Whether it is a JSON object, and each known member of the kind it has.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, EventTypeNames names, out SocketMessage message)
    {
        message = default;
        try
        {
            var reader = new Utf8JsonReader(utf8.Span, s_options);
            return message.TryRead(ref reader, utf8, names) && !reader.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is for an escaped half of a surrogate pair in a string.
            return false;
        }
    }

    /// <summary>Of whom a message is, of which only the beginning is there; null if it does not begin with that.</summary>
    public static string? TopicOfBeginning(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8, isFinalBlock: false, new JsonReaderState(s_options));
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName
                && reader.ValueTextEquals("topic"u8) && reader.Read() && reader.TokenType == JsonTokenType.String
                ? reader.GetString()
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private bool TryRead(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8, EventTypeNames names)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryReadMember(ref reader, utf8, names))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private bool TryReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8, EventTypeNames names)
    {
        if (reader.ValueTextEquals("event"u8))
        {
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            Event = utf8[start..(int)reader.BytesConsumed];
            return true;
        }

        return reader.ValueTextEquals("topic"u8) ? TryReadText(ref reader, names, out Topic)
            : reader.ValueTextEquals("type"u8) ? TryReadText(ref reader, names, out Type)
            : reader.ValueTextEquals("cursor"u8) ? TryReadCursor(ref reader)
            : reader.ValueTextEquals("reply"u8) ? TryReadText(ref reader, names, out Reply)
            : reader.ValueTextEquals("action"u8) ? TryReadText(ref reader, names, out Action)
            : reader.ValueTextEquals("detail"u8) ? TryReadText(ref reader, names, out Detail)
            : reader.ValueTextEquals("status"u8) ? TryReadNumber(ref reader, out Status)
            : reader.ValueTextEquals("retryAfter"u8) ? TryReadNumber(ref reader, out RetryAfter)
            : TrySkip(ref reader);
    }

    private bool TryReadCursor(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        // What is no cursor of ours is no place to resume from.
        if (!reader.ValueIsEscaped && reader.ValueSpan.Length <= EventCursor.MaxLength && reader.GetString() is { } text && EventCursor.TryParse(text, out _))
        {
            Cursor = text;
        }

        return true;
    }

    private static bool TryReadText(ref Utf8JsonReader reader, EventTypeNames names, out string? text)
    {
        text = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        text = reader.ValueIsEscaped ? reader.GetString() : names.Get(reader.ValueSpan);
        return true;
    }

    private static bool TryReadNumber(ref Utf8JsonReader reader, out int? number)
    {
        number = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var value))
        {
            return false;
        }

        number = value;
        return true;
    }

    private static bool TrySkip(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return true;
    }
}
