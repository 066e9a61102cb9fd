using System.Text.Json;

namespace EventStreaming.Agents.Protocols;

/// <summary>
/// Where a message's stream was interrupted to ask for approval: what the next request needs to go on without a word twice. It travels in the message's metadata, as
/// the client sends its messages back.
/// </summary>
/// <param name="Cursor">The place of the question.</param>
/// <param name="Texts">How much of each open text was sent.</param>
/// <param name="Tools">The tool calls that had not ended.</param>
internal sealed record AiSdkStreamPlace(EventCursor Cursor, IReadOnlyDictionary<string, int> Texts, IReadOnlyList<Guid> Tools)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("cursor"u8, Cursor.ToString());
        json.WriteStartObject("texts"u8);
        foreach (var (id, length) in Texts)
        {
            json.WriteNumber(id, length);
        }

        json.WriteEndObject();
        json.WriteStartArray("tools"u8);
        foreach (var id in Tools)
        {
            json.WriteStringValue(id);
        }

        json.WriteEndArray();
    }

    /// <summary>Reads what a client has sent back. It is untrusted: whatever is not as it was written is no place.</summary>
    public static AiSdkStreamPlace? Read(JsonElement metadata)
    {
        if (metadata.ValueKind is not JsonValueKind.Object
            || !metadata.TryGetProperty("eventstreaming"u8, out var mark)
            || mark.ValueKind is not JsonValueKind.Object
            || !mark.TryGetProperty("cursor"u8, out var text)
            || text.ValueKind is not JsonValueKind.String
            || !EventCursor.TryParse(text.GetString(), out var cursor))
        {
            return null;
        }

        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        if (mark.TryGetProperty("texts"u8, out var lengths) && lengths.ValueKind is JsonValueKind.Object)
        {
            foreach (var length in lengths.EnumerateObject())
            {
                if (length.Value.ValueKind is JsonValueKind.Number && length.Value.TryGetInt32(out var count) && count >= 0)
                {
                    texts[length.Name] = count;
                }
            }
        }

        var tools = mark.TryGetProperty("tools"u8, out var ids) && ids.ValueKind is JsonValueKind.Array
            ? ids.EnumerateArray().Where(static id => id.ValueKind is JsonValueKind.String && id.TryGetGuid(out _)).Select(static id => id.GetGuid()).ToList()
            : (List<Guid>)[];
        return new AiSdkStreamPlace(cursor, texts, tools);
    }
}
