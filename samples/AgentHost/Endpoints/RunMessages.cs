using System.Text.Json.Serialization;

namespace AgentHost.Endpoints;

/// <summary>What every body of <c>POST /api/sessions/{id}/runs</c> has; the rest of it is the kind's to read.</summary>
/// <param name="Kind">What sort of run, such as <c>index</c>.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
internal sealed record RunKindRequest(string? Kind = null);

/// <summary>The answer to it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="WorkerIds">Its workers, each of which has a stream.</param>
internal sealed record StartRunResponse(string RunId, IReadOnlyList<string> WorkerIds);
