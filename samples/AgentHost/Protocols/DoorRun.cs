using AgentHost.Endpoints;

namespace AgentHost.Protocols;

/// <summary>The run that a request is answered with. It is known before anything is done, so that its viewer is there when that is done.</summary>
/// <param name="RunId">The run; null when there is none to show, which <paramref name="Begin"/> explains.</param>
/// <param name="Begin">Does what was asked for: starts the run, answers its question, or nothing. Returns why it cannot be; null when it is done.</param>
internal sealed record DoorRun(string? RunId, Func<Refusal?> Begin)
{
    /// <summary>A run that is there already, and is only watched.</summary>
    public static DoorRun Watched(string runId) => new(runId, static () => null);

    public static DoorRun Refused(Refusal refusal) => new(RunId: null, () => refusal);
}
