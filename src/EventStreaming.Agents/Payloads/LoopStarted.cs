namespace EventStreaming.Agents;

/// <summary>A node of a graph begins to go round; the payload of <c>loop.started</c>.</summary>
/// <param name="Node">The node.</param>
/// <param name="MaxIterations">How often it goes round at most, or null.</param>
public sealed record LoopStarted(string Node, int? MaxIterations = null);
