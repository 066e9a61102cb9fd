namespace EventStreaming.Agents;

/// <summary>What came of starting a run.</summary>
/// <param name="Admission">Whether it has been started, or why not.</param>
/// <param name="RunId">Its id; null when it has not been started.</param>
public readonly record struct AgentRunStart(AgentRunAdmission Admission, string? RunId)
{
    /// <summary>Whether it has been started.</summary>
    public bool IsStarted => Admission == AgentRunAdmission.Started;
}
