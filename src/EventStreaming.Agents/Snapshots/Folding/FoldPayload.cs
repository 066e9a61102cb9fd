using System.Text.Json;

namespace EventStreaming.Agents.Snapshots;

/// <summary>Reads payloads for the fold.</summary>
internal static class FoldPayload
{
    /// <summary>The payload, as an object or read from raw JSON; null when it is neither.</summary>
    public static T? Read<T>(StreamEvent item, EventTypeDescriptor<T> type)
        where T : class
    {
        // Every agent type declares its JSON.
        return item.Data is JsonPayload json ? JsonSerializer.Deserialize(json.Utf8.Span, type.JsonTypeInfo!) as T : item.Data as T;
    }

    /// <summary>JSON that does not go away when the publisher disposes the document it is in.</summary>
    public static JsonElement? Keep(JsonElement? json) => json is { ValueKind: not JsonValueKind.Undefined } element ? element.Clone() : null;
}
