namespace EventStreaming.Agents;

/// <summary>A node begins another round; the payload of <c>loop.iteration</c>.</summary>
/// <param name="Node">The node.</param>
/// <param name="Iteration">Which round it is: 1, 2, 3 …</param>
public sealed record LoopIteration(string Node, int Iteration);
