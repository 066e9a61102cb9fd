using System.Text.Json;

namespace EventStreaming.Agents.Runs;

/// <summary>How a run ends: done, cancelled, or failed with an error.</summary>
internal sealed record RunEnd(RunOutcome Outcome, AgentError? Error = null, JsonElement? Result = null)
{
    public static RunEnd Cancelled { get; } = new(RunOutcome.Cancelled);

    /// <summary>What has ended, in a word.</summary>
    public string Subject { get; init; } = "run";

    /// <summary>Why what was still open has not been done, for a person.</summary>
    public string Reason
    {
        get => field ?? (Error is { } error ? $"The {Subject} failed before this was done: {error.Message}"
            : Outcome == RunOutcome.Cancelled ? "The run was cancelled before this was done."
            : "The run was completed before this was done.");
        init;
    }

    /// <summary>In a few words, for an exception.</summary>
    public string Name => Error is { } error ? $"failed ({error.Code})" : Outcome == RunOutcome.Cancelled ? "cancelled" : "complete";
}
