namespace EventStreaming.Agents;

/// <summary>A tool call as it stands.</summary>
/// <param name="Start">How it began.</param>
/// <param name="Progress">How far it is, or null when it has not said.</param>
/// <param name="RunId">The run it belongs to, or null.</param>
/// <param name="Source">Who calls, or null.</param>
/// <param name="Completed">How it ended; null while it is at work, and when its run ended before it.</param>
/// <param name="Began">The sequence of the event it began with, which is its place among messages and the rest; 0 when that is not known.</param>
public sealed record ToolCallSnapshot(
    ToolCallStarted Start, ToolCallProgress? Progress, string? RunId, string? Source, ToolCallCompleted? Completed = null, long Began = 0);
