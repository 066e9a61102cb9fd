using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>What a tool is asked, and why, as told by the arguments of its call: for <see cref="ToolCallStarted"/>.</summary>
/// <param name="Query">The question; empty when the arguments have none.</param>
/// <param name="Reasoning">Why it is asked, or null.</param>
public sealed record ToolQuery(string Query, string? Reasoning)
{
    /// <summary>
    /// Reads arguments: text, a JSON string, or a JSON object with <c>query</c> or <c>input</c>; of any other object all of it is the query. Thinking
    /// blocks in it are the reasoning, and so is a property <c>reasoning</c>. Never throws for what is in them.
    /// </summary>
    /// <param name="arguments">The arguments as the model gave them; null or empty for none.</param>
    public static ToolQuery Parse(string? arguments)
    {
        var text = arguments ?? string.Empty;
        return OutputJson.TryParseAny(text) is { } json ? Parse(json, text) : Read(text, reasoning: null);
    }

    /// <summary>Reads arguments that are JSON already: see <see cref="Parse(string?)"/>.</summary>
    /// <param name="arguments">The arguments as the model gave them.</param>
    public static ToolQuery Parse(JsonElement arguments) =>
        arguments.ValueKind == JsonValueKind.Undefined ? new ToolQuery(string.Empty, Reasoning: null)
        : OutputJson.IsUnicode(arguments) ? Parse(arguments, text: null)
        : Read(arguments.GetRawText(), reasoning: null);

    /// <summary>The question that arguments name; null when they have none, and would be the question as a whole.</summary>
    internal static ToolQuery? Find(JsonElement arguments) =>
        OutputJson.IsUnicode(arguments) && TextOf(arguments) is { } query ? Read(query, ReasoningOf(arguments)) : null;

    private static ToolQuery Parse(JsonElement arguments, string? text) =>
        Find(arguments) ?? (arguments.ValueKind == JsonValueKind.Object
            ? new ToolQuery(text ?? arguments.GetRawText(), ReasoningOf(arguments))
            : Read(text ?? arguments.GetRawText(), reasoning: null));

    private static string? TextOf(JsonElement arguments) => arguments.ValueKind switch
    {
        JsonValueKind.Object => OutputJson.TextOf(arguments, "query") ?? OutputJson.TextOf(arguments, "input"),
        JsonValueKind.String => arguments.GetString(),
        _ => null,
    };

    private static string? ReasoningOf(JsonElement arguments) => arguments.ValueKind == JsonValueKind.Object ? OutputJson.TextOf(arguments, "reasoning") : null;

    private static ToolQuery Read(string text, string? reasoning)
    {
        var collector = new Collector();
        var parser = new StructuredOutputParser(collector);
        parser.Append(text);
        parser.Finish();
        return collector.ToQuery(reasoning);
    }

    private sealed class Collector : OutputCollector
    {
        // Whatever else may be marked belongs to the question.
        public override void OnBlock(ReadOnlySpan<char> raw) => Text.Append(raw.StartsWith("[") ? [] : raw);

        public ToolQuery ToQuery(string? reasoning)
        {
            var text = Text.ToString().Trim();
            var query = text.Length > 0 ? text : string.Join('\n', Thinking.Select(static block => block.Query).OfType<string>());
            var reasons = Thinking.Select(static block => block.Reasoning).Prepend(reasoning).Where(static reason => reason is { Length: > 0 });
            var why = string.Join('\n', reasons);
            return new ToolQuery(query, why.Length > 0 ? why : null);
        }
    }
}
