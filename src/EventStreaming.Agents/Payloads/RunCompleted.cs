using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>A run has ended; the payload of <c>run.complete</c>.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Duration">How long it took; in JSON, milliseconds.</param>
/// <param name="Usage">The tokens it used, or null when no model was asked.</param>
/// <param name="Result">What came of it, or null.</param>
public sealed record RunCompleted(RunOutcome Outcome, TimeSpan? Duration = null, TokenUsage? Usage = null, JsonElement? Result = null);
