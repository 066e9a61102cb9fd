namespace EventStreaming.Agents;

/// <summary>How a run stands.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Source">Who does it, or null.</param>
/// <param name="State">How it stands.</param>
/// <param name="Start">How it began.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; null when it has not.</param>
/// <param name="Result">How it ended; null when it has not, or has failed.</param>
/// <param name="Error">Why it failed; null when it has not.</param>
/// <param name="OpenSteps">The steps at work.</param>
/// <param name="Progress">How far it is, or null when it has not said.</param>
/// <param name="Status">What it does, or null when it has not said.</param>
public sealed record RunSnapshot(
    string RunId,
    string? Source,
    RunState State,
    RunStarted Start,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    RunCompleted? Result,
    AgentError? Error,
    IReadOnlyList<StepStarted> OpenSteps,
    Progress? Progress,
    string? Status);
