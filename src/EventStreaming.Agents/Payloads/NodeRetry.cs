namespace EventStreaming.Agents;

/// <summary>A node tries again; the payload of <c>node.retry</c>.</summary>
/// <param name="Node">The node.</param>
/// <param name="Iteration">The round in which it does, or null.</param>
/// <param name="Reason">Why, for a person, or null.</param>
public sealed record NodeRetry(string Node, int? Iteration = null, string? Reason = null);
