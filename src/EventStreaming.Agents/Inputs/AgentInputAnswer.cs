namespace EventStreaming.Agents;

/// <summary>What came of answering a question.</summary>
/// <param name="Outcome">What became of the answer.</param>
/// <param name="RunId">Who asked: the run, or the worker's run; null when that is not known.</param>
public readonly record struct AgentInputAnswer(AgentInputOutcome Outcome, string? RunId)
{
    /// <summary>Whether it is the answer.</summary>
    public bool IsAccepted => Outcome == AgentInputOutcome.Accepted;
}
