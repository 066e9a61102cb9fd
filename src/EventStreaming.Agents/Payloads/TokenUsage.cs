namespace EventStreaming.Agents;

/// <summary>The tokens a run used.</summary>
/// <param name="In">Tokens read by models.</param>
/// <param name="Out">Tokens written by models.</param>
public sealed record TokenUsage(long In, long Out);
