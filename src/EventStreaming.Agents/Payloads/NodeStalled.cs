namespace EventStreaming.Agents;

/// <summary>A node gets nowhere; the payload of <c>node.stalled</c>.</summary>
/// <param name="Node">The node.</param>
/// <param name="Iteration">The round in which it is noticed, or null.</param>
/// <param name="Reason">Why, for a person, or null.</param>
public sealed record NodeStalled(string Node, int? Iteration = null, string? Reason = null);
