namespace EventStreaming.Agents;

/// <summary>A train of thought as it stands.</summary>
/// <param name="Id">The train of thought.</param>
/// <param name="Text">Its text so far.</param>
/// <param name="RunId">The run it belongs to, or null.</param>
/// <param name="Source">Who thinks, or null.</param>
/// <param name="HasGaps">Whether pieces of it are missing. <paramref name="Text"/> is then what came before the first that is.</param>
/// <param name="Began">The sequence of the event it began with, which is its place among messages and the rest; 0 when that is not known.</param>
public sealed record ReasoningSnapshot(string Id, string Text, string? RunId, string? Source, bool HasGaps = false, long Began = 0);
