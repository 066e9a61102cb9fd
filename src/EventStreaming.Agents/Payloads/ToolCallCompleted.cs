using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>A tool call has ended; the payload of <c>tool_call.complete</c>.</summary>
/// <param name="Id">The call.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
/// <param name="Summary">What came of it, in a line, or null.</param>
/// <param name="Result">All that came of it, or null.</param>
/// <param name="SubSteps">What it did on the way, or null.</param>
/// <param name="Visualizations">What to show of it, or null.</param>
/// <param name="IsAction">Whether it changed something, rather than only looked.</param>
/// <param name="Action">What it changed, or null.</param>
/// <param name="Duration">How long it took; in JSON, milliseconds.</param>
public sealed record ToolCallCompleted(
    Guid Id,
    string? Error = null,
    string? Summary = null,
    JsonElement? Result = null,
    IReadOnlyList<JsonElement>? SubSteps = null,
    IReadOnlyList<JsonElement>? Visualizations = null,
    bool IsAction = false,
    string? Action = null,
    TimeSpan? Duration = null);
