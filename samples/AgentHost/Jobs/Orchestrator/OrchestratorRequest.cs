namespace AgentHost.Jobs.Orchestrator;

/// <summary>Asks what a directory's files say of something: one turn of the session's conversation.</summary>
/// <param name="Kind"><c>orchestrator</c>.</param>
/// <param name="Query">The question; null: it is asked for.</param>
/// <param name="Directory">Where to look, absolute or from the root; null for the root.</param>
/// <param name="Provoke">What shall go wrong: <c>capacity</c>, or null.</param>
internal sealed record OrchestratorRequest(string? Kind = null, string? Query = null, string? Directory = null, string? Provoke = null);
