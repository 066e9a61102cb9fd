namespace EventStreaming.Agents;

/// <summary>A run waits; the payload of <c>run.paused</c>.</summary>
/// <param name="Reason">For what, for a person, or null.</param>
public sealed record RunPaused(string? Reason = null);
