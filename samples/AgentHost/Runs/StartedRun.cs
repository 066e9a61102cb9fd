namespace AgentHost.Runs;

/// <summary>A run that has begun.</summary>
/// <param name="RunId">The run.</param>
/// <param name="WorkerIds">Its workers, each of which has a stream.</param>
internal sealed record StartedRun(string RunId, IReadOnlyList<string> WorkerIds);
