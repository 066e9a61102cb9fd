namespace EventStreaming.Agents;

/// <summary>A model's context was made shorter; the payload of <c>context.compacted</c>.</summary>
/// <param name="Tokens">The tokens left in it.</param>
/// <param name="Before">How many there were, or null.</param>
public sealed record ContextCompacted(long Tokens, long? Before = null);
