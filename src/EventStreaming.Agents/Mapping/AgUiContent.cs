using System.Text;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>Content that is a text, or a list of parts.</summary>
internal static class AgUiContent
{
    public static string TextOf(JsonElement? content)
    {
        if (content is not { ValueKind: JsonValueKind.Array } parts)
        {
            return content?.AsText() ?? string.Empty;
        }

        var text = new StringBuilder();
        foreach (var part in parts.EnumerateArray())
        {
            text.Append(part.Text("type") is "text" ? part.Text("text") : null);
        }

        return text.ToString();
    }

    /// <summary>A tool's result: text that is JSON as that, parts that are not all text as they are.</summary>
    public static JsonElement? ResultOf(JsonElement? content) => content switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } parts when parts.EnumerateArray().Any(static part => part.Text("type") is not "text") => parts.Clone(),
        { ValueKind: JsonValueKind.Array or JsonValueKind.String } text => JsonText.OfContent(TextOf(text)),
        { } other => other.Clone(),
    };
}
