namespace EventStreaming.Agents;

/// <summary>A question that has not been answered.</summary>
/// <param name="Request">It.</param>
/// <param name="RunId">The run that waits, or null.</param>
/// <param name="Source">Who asks, or null.</param>
public sealed record InputSnapshot(InputRequested Request, string? RunId, string? Source);
