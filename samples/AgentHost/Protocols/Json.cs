using System.Text.Json;

namespace AgentHost.Protocols;

/// <summary>Reading what clients send: whatever is not there, or is something else, is nothing.</summary>
internal static class Json
{
    /// <summary>A member of an object.</summary>
    public static JsonElement Get(this JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) ? value : default;

    /// <summary>A member that is a text.</summary>
    public static string? GetText(this JsonElement item, string name) => item.Get(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>What is in a member that is an array.</summary>
    public static JsonElement.ArrayEnumerator GetItems(this JsonElement item, string name) =>
        item.Get(name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : default;
}
