using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace EventStreaming.Client;

/// <summary>One event in the native wire format, <c>{"id","type","source","topic","seq","time","data",…}</c>, as it came. Unknown members are skipped.</summary>
internal struct WireEvent
{
    // As deep as any writer writes: the payload itself is read by whoever knows its type, within its own bounds.
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = 1_000 };

    public string? Type;
    public long? Sequence;
    public Guid? Id;
    public string? Source;
    public string? Topic;
    public DateTimeOffset? Time;
    public string? CorrelationId;
    public string? RunId;
    public string? ParentId;
    public string? TraceParent;

    /// <summary>The payload's JSON, a part of what was parsed; null if there is none or it is <c>null</c>.</summary>
    public ReadOnlyMemory<byte>? Data;

    /// <param name="utf8">What may be an event.</param>
    /// <param name="likelyType">What the type most likely is, to be used instead of a new string.</param>
    /// <param name="likelyTopic">What the topic most likely is.</param>
    /// <param name="item">The event.</param>
    /// <returns>Whether it is one: a JSON object with a <c>type</c> and a <c>seq</c>, and no known member of another kind than it has.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, string likelyType, string likelyTopic, out WireEvent item)
    {
        item = default;
        try
        {
            var reader = new Utf8JsonReader(utf8.Span, s_options);
            return item.TryRead(ref reader, utf8, likelyType, likelyTopic) && !reader.Read() && item is { Type: not null, Sequence: not null };
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair in a string.
            return false;
        }
    }

    private bool TryRead(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8, string likelyType, string likelyTopic)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryReadMember(ref reader, utf8, likelyType, likelyTopic))
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private bool TryReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8, string likelyType, string likelyTopic)
    {
        if (reader.ValueTextEquals("data"u8))
        {
            return TryReadData(ref reader, utf8);
        }

        return reader.ValueTextEquals("type"u8) ? TryReadText(ref reader, likelyType, out Type) && Type.Length > 0
            : reader.ValueTextEquals("seq"u8) ? TryReadSequence(ref reader)
            : reader.ValueTextEquals("time"u8) ? TryReadTime(ref reader)
            : reader.ValueTextEquals("id"u8) ? TryReadId(ref reader)
            : reader.ValueTextEquals("topic"u8) ? TryReadText(ref reader, likelyTopic, out Topic)
            : reader.ValueTextEquals("source"u8) ? TryReadText(ref reader, null, out Source)
            : reader.ValueTextEquals("runId"u8) ? TryReadText(ref reader, null, out RunId)
            : reader.ValueTextEquals("correlationId"u8) ? TryReadText(ref reader, null, out CorrelationId)
            : reader.ValueTextEquals("parentId"u8) ? TryReadText(ref reader, null, out ParentId)
            : reader.ValueTextEquals("traceparent"u8) ? TryReadText(ref reader, null, out TraceParent)
            : TrySkip(ref reader);
    }

    private bool TryReadData(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType != JsonTokenType.Null)
        {
            reader.Skip();
            Data = utf8[start..(int)reader.BytesConsumed];
        }

        return true;
    }

    private bool TryReadSequence(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var sequence) || sequence < 0)
        {
            return false;
        }

        Sequence = sequence;
        return true;
    }

    private bool TryReadTime(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var time))
        {
            return false;
        }

        Time = time;
        return true;
    }

    private bool TryReadId(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String || !reader.TryGetGuid(out var id))
        {
            return false;
        }

        Id = id;
        return true;
    }

    private static bool TryReadText(ref Utf8JsonReader reader, string? likely, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        text = likely is not null && reader.ValueTextEquals(likely) ? likely : reader.GetString()!; // The token is a string.
        return true;
    }

    private static bool TrySkip(ref Utf8JsonReader reader)
    {
        reader.Skip();
        return true;
    }
}
