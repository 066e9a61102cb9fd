namespace AgentHost.Jobs.Orchestrator;

/// <summary>Something to be looked for.</summary>
/// <param name="Query">It, in the words that are looked for.</param>
/// <param name="Reasoning">Why, or null.</param>
internal sealed record PlannedQuery(string Query, string? Reasoning);
