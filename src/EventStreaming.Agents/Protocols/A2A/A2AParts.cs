using System.Text.Json;

namespace EventStreaming.Agents.Protocols;

/// <summary>Parts, of which messages and artifacts consist.</summary>
internal static class A2AParts
{
    public static void WriteText(Utf8JsonWriter json, ReadOnlySpan<char> text)
    {
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    public static void WriteValue(Utf8JsonWriter json, JsonElement value)
    {
        if (value.ValueKind is JsonValueKind.String)
        {
            WriteText(json, value.GetString());
            return;
        }

        json.WriteStartObject();
        json.WritePropertyName("data"u8);
        value.WriteTo(json);
        json.WriteEndObject();
    }

    public static void WriteData(Utf8JsonWriter json, StreamEvent item)
    {
        json.WriteStartObject();
        json.WritePropertyName("data"u8);
        ProtocolJson.WritePayload(json, item);
        json.WriteEndObject();
    }

    /// <summary>Ends a form: what behind its content all streams have in common, the event's mark, and the frame.</summary>
    public static void EndForm(Utf8JsonWriter json, StreamEvent source)
    {
        json.WriteStartObject("metadata"u8);
        ProtocolJson.WriteMark(json, source);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The parts of what a tool call has to show.</summary>
    public static void WriteValues(Utf8JsonWriter json, IEnumerable<JsonElement> values)
    {
        foreach (var value in values)
        {
            WriteValue(json, value);
        }
    }
}
