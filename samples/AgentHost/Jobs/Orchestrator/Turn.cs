namespace AgentHost.Jobs.Orchestrator;

/// <summary>A turn of a conversation.</summary>
/// <param name="Queries">What was looked for.</param>
/// <param name="Shown">The files that were shown, in this turn and in those that it went on with.</param>
internal sealed record Turn(IReadOnlyList<PlannedQuery> Queries, IReadOnlySet<string> Shown);
