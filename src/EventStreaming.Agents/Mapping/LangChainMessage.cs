using System.Text;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>What a LangChain message, or a chunk of one, says: its content is a text, or a list of parts.</summary>
internal static class LangChainMessage
{
    /// <summary>The message's fields; a message that was serialized with its constructor has them one level down.</summary>
    public static JsonElement Unwrap(JsonElement json) =>
        json.ValueKind is JsonValueKind.Object && json.Find("lc") is not null && json.FindObject("kwargs") is { } fields ? fields : json;

    public static string TextOf(JsonElement message)
    {
        if (message.ValueKind is JsonValueKind.String)
        {
            return message.AsText()!;
        }

        // An older model's chunk has a text alone; its output is a list of lists of those.
        var content = message.Find("content", "text");
        if (content is null && message.Find("generations") is { ValueKind: JsonValueKind.Array } generations)
        {
            var first = generations.EnumerateArray().SelectMany(Elements).FirstOrDefault();
            return first.ValueKind is JsonValueKind.Object ? Unwrap(first.FindObject("message") ?? first) is var inner && inner.Find("content", "text") is { } text ? Join(text, PartText) : string.Empty : string.Empty;
        }

        return content is { } given ? Join(given, PartText) : string.Empty;
    }

    public static string ReasoningOf(JsonElement message)
    {
        if (message.FindObject("additional_kwargs") is { } more && more.Find("reasoning_content", "reasoning") is { } reasoning)
        {
            return reasoning.AsText() ?? reasoning.Text("text", "content") ?? Join(reasoning.Find("summary") ?? default, static part => part.Text("text"));
        }

        return message.Find("content") is { ValueKind: JsonValueKind.Array } parts ? Join(parts, PartReasoning) : string.Empty;
    }

    public static (long? Read, long? Written) UsageOf(JsonElement message) =>
        message.FindObject("usage_metadata") is { } usage ? (usage.Integer("input_tokens"), usage.Integer("output_tokens")) : default;

    private static IEnumerable<JsonElement> Elements(JsonElement json) => json.ValueKind is JsonValueKind.Array ? json.EnumerateArray() : [];

    private static string? PartText(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.String => part.AsText(),
        JsonValueKind.Object when part.Text("type") is null or "text" or "text_delta" or "output_text" => part.Text("text"),
        _ => null,
    };

    private static string? PartReasoning(JsonElement part) => part.ValueKind is not JsonValueKind.Object ? null : part.Text("type") switch
    {
        "thinking" => part.Text("thinking"),
        "reasoning" => part.Text("reasoning", "text") ?? Join(part.Find("summary") ?? default, static item => item.Text("text")),
        "reasoning_content" => part.FindObject("reasoning_content")?.Text("text"),
        _ => null,
    };

    private static string Join(JsonElement content, Func<JsonElement, string?> read)
    {
        if (content.ValueKind is not JsonValueKind.Array)
        {
            return read(content) ?? string.Empty;
        }

        var text = new StringBuilder();
        foreach (var part in content.EnumerateArray())
        {
            text.Append(read(part));
        }

        return text.ToString();
    }
}
