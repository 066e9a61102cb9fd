namespace EventStreaming.Agents;

/// <summary>What a thinking block says.</summary>
/// <param name="Reasoning">Why: what stands in the block, without its query. Empty when there is only a query, or several with their own reasons.</param>
/// <param name="Query">What is going to be asked; null when the block says none, or several: those are sub-steps.</param>
public sealed record OutputThinking(string Reasoning, string? Query = null);
