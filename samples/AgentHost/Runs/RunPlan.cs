using EventStreaming.Agents;

namespace AgentHost.Runs;

/// <summary>A run that may begin.</summary>
/// <param name="Kind">What sort of run.</param>
/// <param name="Options">What is said of it at its beginning.</param>
/// <param name="Work">What it does. Called anew for each attempt.</param>
internal sealed record RunPlan(string Kind, AgentRunOptions Options, Func<AgentRun, CancellationToken, Task> Work)
{
    /// <summary>Its workers, each of which has a stream.</summary>
    public IReadOnlyList<string> WorkerIds { get; init; } = [];
}
