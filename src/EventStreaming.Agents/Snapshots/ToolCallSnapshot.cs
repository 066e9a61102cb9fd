namespace EventStreaming.Agents;

/// <summary>A tool call as it stands.</summary>
/// <param name="Start">How it began.</param>
/// <param name="Progress">How far it is, or null when it has not said.</param>
/// <param name="RunId">The run it belongs to, or null.</param>
/// <param name="Source">Who calls, or null.</param>
public sealed record ToolCallSnapshot(ToolCallStarted Start, ToolCallProgress? Progress, string? RunId, string? Source);
