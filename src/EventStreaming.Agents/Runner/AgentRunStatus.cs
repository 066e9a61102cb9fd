namespace EventStreaming.Agents;

/// <summary>How a run stood when it was asked about.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Topic">Where it is told.</param>
/// <param name="Kind">What sort of run it is.</param>
/// <param name="State">How it stands. Between two attempts it is running.</param>
/// <param name="Attempt">Which try it is at.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; null when it has not.</param>
/// <param name="NextAttemptAt">When the next attempt is made; null when none is waited for.</param>
/// <param name="Error">Why it failed; null when it has not.</param>
public sealed record AgentRunStatus(
    string RunId,
    string Topic,
    string Kind,
    RunState State,
    int Attempt,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt = null,
    DateTimeOffset? NextAttemptAt = null,
    AgentError? Error = null)
{
    /// <summary>Whether it is over.</summary>
    public bool IsEnded => EndedAt is not null;
}
