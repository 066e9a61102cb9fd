using System.Text.Json.Serialization;

namespace EventStreaming.Agents;

/// <summary>The tokens a run used.</summary>
/// <param name="InputTokens">Tokens read by models.</param>
/// <param name="OutputTokens">Tokens written by models.</param>
public sealed record TokenUsage([property: JsonPropertyName("in")] long InputTokens, [property: JsonPropertyName("out")] long OutputTokens);
