namespace EventStreaming.Agents;

/// <summary>A piece of what a model thinks; the payload of <c>reasoning.delta</c>.</summary>
/// <param name="Id">The train of thought: pieces with the same id belong together.</param>
/// <param name="Text">The piece, to be put behind the ones before it.</param>
public sealed record ReasoningDelta(string Id, string Text);
