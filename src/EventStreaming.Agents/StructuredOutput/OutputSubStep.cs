using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents;

/// <summary>A query that structured output tells of.</summary>
/// <param name="Index">Its place among the output's sub-steps, from 0.</param>
/// <param name="Query">What was asked.</param>
/// <param name="Reasoning">Why, or null.</param>
/// <param name="ResultSummary">What came of it: how many results, or the results themselves where they are no JSON; null when it is not told.</param>
public sealed record OutputSubStep(int Index, string Query, string? Reasoning = null, string? ResultSummary = null)
{
    /// <summary>The sub-step as an element of <see cref="ToolCallCompleted.SubSteps"/>: names in snake_case, nulls left out.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, AgentJsonContext.Default.OutputSubStep);
}
