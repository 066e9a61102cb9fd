namespace EventStreaming.Agents;

/// <summary>A node goes round no more; the payload of <c>loop.completed</c>.</summary>
/// <param name="Node">The node.</param>
/// <param name="Iteration">How many rounds it made.</param>
public sealed record LoopCompleted(string Node, int Iteration);
