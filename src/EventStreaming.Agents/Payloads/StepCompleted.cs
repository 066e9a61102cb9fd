namespace EventStreaming.Agents;

/// <summary>A step of the run's plan is done; the payload of <c>step.complete</c>.</summary>
/// <param name="StepId">The step.</param>
/// <param name="Name">Its name, for a person.</param>
/// <param name="Position">Which step it is: 1, 2, 3 …</param>
/// <param name="Total">How many there are, or null when that is not known.</param>
/// <param name="Tokens">The tokens it used, or null when no model was asked.</param>
/// <param name="Duration">How long it took; in JSON, milliseconds.</param>
/// <param name="Cached">Whether its answer came from a cache.</param>
public sealed record StepCompleted(
    string StepId, string Name, int Position, int? Total = null, TokenUsage? Tokens = null, TimeSpan? Duration = null, bool Cached = false);
