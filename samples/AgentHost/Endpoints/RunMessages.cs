namespace AgentHost.Endpoints;

/// <summary>The body of <c>POST /api/sessions/{id}/runs</c>.</summary>
/// <param name="Kind">What sort of job: <c>index</c>.</param>
/// <param name="Directory">What to index, absolute or from the root; null for the root.</param>
internal sealed record StartRunRequest(string? Kind = null, string? Directory = null);

/// <summary>The answer to it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="WorkerIds">Its workers, each of which has a stream.</param>
internal sealed record StartRunResponse(string RunId, IReadOnlyList<string> WorkerIds);
