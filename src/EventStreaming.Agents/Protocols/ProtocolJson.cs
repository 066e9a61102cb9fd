using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>JSON that several protocols have in common.</summary>
internal static class ProtocolJson
{
    /// <summary>
    /// Text stays readable, and short where it is not English: it is read as JSON, never as HTML. Line ends are escaped all the same. Not validated, as frames are
    /// put together from pieces.
    /// </summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The event's number and type, under our name: <c>"eventstreaming":{"seq","type","run_id","source"}</c>.</summary>
    public static void WriteMark(Utf8JsonWriter json, StreamEvent item)
    {
        BeginMark(json, item);
        json.WriteEndObject();
    }

    /// <summary>The same, open for more.</summary>
    public static void BeginMark(Utf8JsonWriter json, StreamEvent item)
    {
        json.WriteStartObject("eventstreaming"u8);
        json.WriteNumber("seq"u8, item.Sequence);
        json.WriteString("type"u8, item.Type);
        WriteIfAny(json, "run_id"u8, item.RunId);
        WriteIfAny(json, "source"u8, item.Source);
    }

    public static void WriteIfAny(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    public static void WriteIfAny(Utf8JsonWriter json, ReadOnlySpan<byte> name, JsonElement? value)
    {
        if (value is { ValueKind: not JsonValueKind.Undefined } element)
        {
            json.WritePropertyName(name);
            element.WriteTo(json);
        }
    }

    /// <summary>What there is to say of a run that has ended.</summary>
    public static void WriteEnd(Utf8JsonWriter json, RunCompleted end)
    {
        if (end.Duration is { } duration)
        {
            json.WriteNumber("duration"u8, duration.TotalMilliseconds);
        }

        if (end.Usage is { } usage)
        {
            json.WriteStartObject("usage"u8);
            json.WriteNumber("in"u8, usage.InputTokens);
            json.WriteNumber("out"u8, usage.OutputTokens);
            json.WriteEndObject();
        }
    }

    /// <summary>A time as ProtoJSON has it: UTC, with three digits.</summary>
    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>An event's payload as it is on the native wire; <c>{}</c> when it has none.</summary>
    public static void WritePayload(Utf8JsonWriter json, StreamEvent item)
    {
        switch (item.Data)
        {
            case null:
                json.WriteStartObject();
                json.WriteEndObject();
                break;
            case JsonPayload payload:
                // Read and written, so that it is on one line.
                using (var document = JsonDocument.Parse(payload.Utf8))
                {
                    document.RootElement.WriteTo(json);
                }

                break;
            default:
                if (AgentPayload.MetadataOf(item) is { } info && info.Type.IsInstanceOfType(item.Data))
                {
                    JsonSerializer.Serialize(json, item.Data, info);
                    break;
                }

                // A type of the host's own, which the native format knows how to write.
                using (var native = JsonDocument.Parse(JsonEventEncoder.Default.GetBytes(item)))
                {
                    native.RootElement.GetProperty("data"u8).WriteTo(json);
                }

                break;
        }
    }

    /// <summary>The members of an event's payload, for an object that holds more than them. A payload that is no object becomes the member <c>value</c>.</summary>
    public static void WriteMembers(Utf8JsonWriter json, StreamEvent item, ReadOnlySpan<char> except = default)
    {
        var buffer = new JsonBuffer();
        WritePayload(buffer.Json, item);
        using var document = JsonDocument.Parse(buffer.Written);
        if (document.RootElement.ValueKind is not JsonValueKind.Object)
        {
            json.WritePropertyName("value"u8);
            document.RootElement.WriteTo(json);
            return;
        }

        WriteMembers(json, document.RootElement, except);
    }

    /// <summary>The members of an object, for one that holds more than them.</summary>
    public static void WriteMembers(Utf8JsonWriter json, JsonElement members, ReadOnlySpan<char> except = default)
    {
        foreach (var member in members.EnumerateObject())
        {
            if (!member.Name.AsSpan().SequenceEqual(except))
            {
                member.WriteTo(json);
            }
        }
    }
}
