using System.Text.Json;

namespace EventStreaming.Agents.Snapshots;

/// <summary>Reads payloads for the fold.</summary>
internal static class FoldPayload
{
    /// <summary>The payload, as an object or read from raw JSON; null when it is neither.</summary>
    public static T? Read<T>(StreamEvent item, EventTypeDescriptor<T> type)
        where T : class => item.Data switch
    {
        T typed => typed,
        JsonPayload json => JsonSerializer.Deserialize(json.Utf8.Span, type.JsonTypeInfo!) as T, // Every agent type declares one.
        _ => null,
    };

    /// <summary>JSON that does not go away when the publisher disposes the document it is in.</summary>
    public static JsonElement? Keep(JsonElement? json) => json is { ValueKind: not JsonValueKind.Undefined } element ? element.Clone() : null;
}
