using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>Tells the handler what a whole block says. A block that says nothing which is known is none: each method returns false then, and tells nothing.</summary>
internal sealed class OutputContents(StructuredOutputHandler handler, string resultType)
{
    private const string ThinkingStart = "[ORCHESTRATOR_THINKING]";
    private const string ThinkingEnd = "[/ORCHESTRATOR_THINKING]";
    private const string Query = "---QUERY---";
    private const string Results = "---RESULTS---";
    private const string Citations = "---CITATIONS---";
    private const string Fence = "```";
    private int _steps;

    public void Reset() => _steps = 0;

    public bool TryThinking(ReadOnlySpan<char> raw)
    {
        var (thinking, steps) = ThinkingFields.Read(raw[ThinkingStart.Length..^ThinkingEnd.Length]);
        handler.OnBlock(raw);
        handler.OnThinking(thinking);
        foreach (var (query, reasoning) in steps)
        {
            handler.OnSubStep(new OutputSubStep(_steps++, query, reasoning));
        }

        return true;
    }

    /// <param name="raw">The block.</param>
    /// <param name="resultsAt">Where its second mark is.</param>
    public bool TryResults(ReadOnlySpan<char> raw, int resultsAt)
    {
        var query = raw[Query.Length..resultsAt].Trim().ToString();
        if (query.Length == 0)
        {
            return false;
        }

        var text = raw[(resultsAt + Results.Length)..].Trim();
        var results = OutputJson.TryParse(text);
        handler.OnBlock(raw);
        handler.OnSubStep(new OutputSubStep(_steps++, query, null, results is { } json ? CountOf(json) : text.IsEmpty ? null : text.ToString()));
        if (results is { } shown)
        {
            handler.OnVisualization(OutputJson.ResultsOf(query, shown, resultType));
        }

        return true;
    }

    public bool TryCitations(ReadOnlySpan<char> raw)
    {
        var citations = raw[Citations.Length..].Trim();
        if (citations.IsEmpty)
        {
            return false;
        }

        handler.OnBlock(raw);
        handler.OnVisualization(OutputJson.DocumentsOf(citations.ToString()));
        return true;
    }

    public bool TryFence(ReadOnlySpan<char> raw, bool isVisualization)
    {
        var json = OutputJson.TryParse(raw[(raw.IndexOf('\n') + 1)..^Fence.Length]);
        if (!isVisualization || json is not { ValueKind: JsonValueKind.Object } visualization)
        {
            return !isVisualization && TryTell(raw, json);
        }

        handler.OnBlock(raw);
        handler.OnVisualization(visualization);
        return true;
    }

    public bool TryObject(ReadOnlySpan<char> raw) => TryTell(raw, OutputJson.TryParse(raw));

    private bool TryTell(ReadOnlySpan<char> raw, JsonElement? json)
    {
        if (json is not { } element || OutputObject.Read(element, _steps) is not { } output)
        {
            return false;
        }

        handler.OnBlock(raw);
        if (output.Thinking is { } thinking)
        {
            handler.OnThinkingStarted();
            if (thinking.Reasoning.Length > 0)
            {
                handler.OnThinkingText(thinking.Reasoning);
            }

            handler.OnThinking(thinking);
        }

        _steps += output.SubSteps.Count;
        foreach (var step in output.SubSteps)
        {
            handler.OnSubStep(step);
        }

        foreach (var visualization in output.Visualizations)
        {
            handler.OnVisualization(visualization);
        }

        if (output.Summary is { } summary)
        {
            handler.OnSummary(summary);
        }

        return true;
    }

    private static string? CountOf(JsonElement results)
    {
        var rows = results;
        if (results.ValueKind == JsonValueKind.Object && !results.TryGetProperty("data", out rows) && !results.TryGetProperty("rows", out rows))
        {
            return null;
        }

        return rows.ValueKind == JsonValueKind.Array ? $"{rows.GetArrayLength()} results" : null;
    }
}
