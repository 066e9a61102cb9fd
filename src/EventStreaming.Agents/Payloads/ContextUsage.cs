namespace EventStreaming.Agents;

/// <summary>How full a model's context is; the payload of <c>context.usage</c>.</summary>
/// <param name="Tokens">The tokens in it.</param>
/// <param name="Limit">How many it takes, or null.</param>
public sealed record ContextUsage(long Tokens, long? Limit = null);
