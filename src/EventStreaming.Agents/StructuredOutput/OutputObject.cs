using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>The JSON form of structured output. An object with anything in it that is not known is none, so that nothing of it is lost.</summary>
internal sealed record OutputObject(
    OutputThinking? Thinking, IReadOnlyList<OutputSubStep> SubSteps, IReadOnlyList<JsonElement> Visualizations, string? Summary)
{
    /// <summary>Reads the object, or a visualization.</summary>
    /// <param name="json">An object or array.</param>
    /// <param name="firstIndex">The index of its first sub-step.</param>
    /// <returns>Null when it is neither.</returns>
    public static OutputObject? Read(JsonElement json, int firstIndex)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (IsVisualization(json))
        {
            return new OutputObject(null, [], [json], null);
        }

        var isKnown = HasOnly(json, static property => property.Name switch
        {
            "query" or "reasoning" or "summary" => Is(property, JsonValueKind.String),
            "thinking" => Is(property, JsonValueKind.String) || ReadThinking(property.Value) is not null,
            "sub_steps" or "visualizations" => Is(property, JsonValueKind.Array),
            _ => false,
        });
        if (!isKnown || !TryReadThinking(json, out var thinking))
        {
            return null;
        }

        var summary = OutputJson.TextOf(json, "summary");
        var steps = ItemsOf(json, "sub_steps").Select((step, i) => ReadSubStep(step, firstIndex + i)).ToArray();
        var visualizations = ItemsOf(json, "visualizations").ToArray();
        var saysAny = thinking is not null || summary is not null || steps.Length + visualizations.Length > 0;
        return saysAny && !steps.Contains(null) && visualizations.All(static item => item.ValueKind == JsonValueKind.Object)
            ? new OutputObject(thinking, steps!, visualizations, summary)
            : null;
    }

    /// <summary>Reads <c>{"reasoning": …, "query": …}</c>, of which only the query may be missing.</summary>
    /// <returns>Null when it is something else.</returns>
    public static OutputThinking? ReadThinking(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && OutputJson.TextOf(json, "reasoning") is { } reasoning
            && HasOnly(json, static property => property.Name is "query" or "reasoning" && Is(property, JsonValueKind.String))
            ? new OutputThinking(reasoning, OutputJson.TextOf(json, "query"))
            : null;

    /// <summary>Reads what stands at the top, or in <c>thinking</c>.</summary>
    /// <returns>False when it is said twice, or is a query without a reason: there is no one place for it then.</returns>
    private static bool TryReadThinking(JsonElement json, out OutputThinking? thinking)
    {
        var query = OutputJson.TextOf(json, "query");
        var reasoning = OutputJson.TextOf(json, "reasoning");
        var told = json.TryGetProperty("thinking", out var value) && value.ValueKind != JsonValueKind.Null
            ? ReadThinking(value) ?? new OutputThinking(value.GetString()!)
            : null;
        thinking = told is null && reasoning is not null ? new OutputThinking(reasoning, query) : told;
        if (told is not null && told.Query is null)
        {
            thinking = told with { Query = query };
        }

        return (told is null || reasoning is null) && (query is null || (thinking is not null && told?.Query is null));
    }

    private static OutputSubStep? ReadSubStep(JsonElement json, int index) => json switch
    {
        { ValueKind: JsonValueKind.String } => new OutputSubStep(index, json.GetString()!),
        { ValueKind: JsonValueKind.Object } when OutputJson.TextOf(json, "query") is { } query && HasOnly(json, static property => property.Name switch
        {
            "query" or "reasoning" or "result_summary" => Is(property, JsonValueKind.String),
            "index" => Is(property, JsonValueKind.Number),
            _ => false,
        }) => new OutputSubStep(index, query, OutputJson.TextOf(json, "reasoning"), OutputJson.TextOf(json, "result_summary")),
        _ => null,
    };

    private static bool IsVisualization(JsonElement json) =>
        OutputJson.TextOf(json, "type") is not null
        && json.TryGetProperty("data", out var data) && data.ValueKind is JsonValueKind.Object or JsonValueKind.Array;

    private static bool Is(JsonProperty property, JsonValueKind kind) => property.Value.ValueKind == kind || property.Value.ValueKind == JsonValueKind.Null;

    // A name said twice would lose the first.
    private static bool HasOnly(JsonElement json, Func<JsonProperty, bool> isKnown) =>
        json.EnumerateObject().All(isKnown)
        && json.EnumerateObject().DistinctBy(static property => property.Name, StringComparer.Ordinal).Count() == json.GetPropertyCount();

    private static JsonElement.ArrayEnumerator ItemsOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var items) && items.ValueKind == JsonValueKind.Array ? items.EnumerateArray() : default;
}
