namespace EventStreaming.Agents;

/// <summary>A run goes on; the payload of <c>run.resumed</c>.</summary>
/// <param name="Reason">Why, for a person, or null.</param>
public sealed record RunResumed(string? Reason = null);
