using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace EventStreaming.Agents.Chat;

/// <summary>Arguments and results as JSON, whatever a client has made of them.</summary>
internal static class ChatJson
{
    /// <summary>The library's own options are indented: line feeds in JSON break what is framed by lines.</summary>
    private static readonly JsonSerializerOptions s_defaults = Compact(AIJsonUtilities.DefaultOptions);

    public static JsonSerializerOptions Compact(JsonSerializerOptions? options)
    {
        var copy = new JsonSerializerOptions(options ?? AIJsonUtilities.DefaultOptions) { WriteIndented = false };
        copy.MakeReadOnly();
        return copy;
    }

    public static JsonElement? Write(IDictionary<string, object?>? arguments, JsonSerializerOptions? options)
    {
        if (arguments is null)
        {
            return null;
        }

        var written = new JsonObject();
        foreach (var (name, value) in arguments)
        {
            written[name] = Write(value, options) is { } element ? JsonElementNode(element) : null;
        }

        return Parse(written);
    }

    public static JsonElement? Write(object? value, JsonSerializerOptions? options)
    {
        switch (value)
        {
            case null:
                return null;
            case JsonElement element:
                return element.ValueKind == JsonValueKind.Undefined ? null : element;
            case string text:
                return Parse(JsonValue.Create(text));
        }

        try
        {
            return JsonSerializer.SerializeToElement(value, (options ?? s_defaults).GetTypeInfo(value.GetType()));
        }
#pragma warning disable CA1031 // A getter or a converter may throw anything; what is told must not break what is done.
        catch (Exception)
#pragma warning restore CA1031
        {
            return WriteText(value);
        }
    }

    private static JsonElement? WriteText(object value)
    {
        try
        {
            return Parse(JsonValue.Create(value.ToString()));
        }
#pragma warning disable CA1031 // As above.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private static JsonNode? JsonElementNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(element),
    };

    private static JsonElement? Parse(JsonNode? node) =>
        node is null ? null : JsonSerializer.SerializeToElement(node, (JsonTypeInfo<JsonNode>)s_defaults.GetTypeInfo(typeof(JsonNode)));
}
