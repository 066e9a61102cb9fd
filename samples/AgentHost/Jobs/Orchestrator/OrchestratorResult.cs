namespace AgentHost.Jobs.Orchestrator;

/// <summary>What came of a turn: the result in its <c>run.complete</c>.</summary>
/// <param name="Queries">What was looked for.</param>
/// <param name="Found">How many files have it.</param>
/// <param name="Hits">How often.</param>
/// <param name="Shown">The files that this turn shows.</param>
internal sealed record OrchestratorResult(IReadOnlyList<string> Queries, int Found, int Hits, IReadOnlyList<string> Shown);
