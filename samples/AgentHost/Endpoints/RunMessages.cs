using System.Text.Json;

namespace AgentHost.Endpoints;

/// <summary>What every body of <c>POST /api/sessions/{id}/runs</c> has; the rest of it is the kind's.</summary>
/// <param name="Kind">What sort of run, such as <c>index</c>.</param>
internal sealed record RunKindRequest(string? Kind = null)
{
    /// <summary>What only the kind knows.</summary>
    [System.Text.Json.Serialization.JsonExtensionData]
    public Dictionary<string, JsonElement>? Rest { get; init; }
}

/// <summary>The answer to it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="WorkerIds">Its workers, each of which has a stream.</param>
internal sealed record StartRunResponse(string RunId, IReadOnlyList<string> WorkerIds);
