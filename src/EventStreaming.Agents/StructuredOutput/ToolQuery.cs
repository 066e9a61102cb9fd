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
        string? reasoning = null;
        if (OutputJson.TryParseAny(text) is { } json)
        {
            if (json.ValueKind == JsonValueKind.Object)
            {
                reasoning = OutputJson.TextOf(json, "reasoning");
                if ((OutputJson.TextOf(json, "query") ?? OutputJson.TextOf(json, "input")) is not { } query)
                {
                    return new ToolQuery(text, reasoning);
                }

                text = query;
            }
            else if (json.ValueKind == JsonValueKind.String)
            {
                text = json.GetString()!;
            }
        }

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
