namespace EventStreaming.Agents;

/// <summary>How a run ended that was read from another agent's stream.</summary>
public enum EventImportOutcome
{
    /// <summary>The agent said that it is done.</summary>
    Success,

    /// <summary>The agent said that it was cancelled there. A reading that is cancelled here throws instead.</summary>
    Cancelled,

    /// <summary>The agent said that it failed.</summary>
    Failed,

    /// <summary>
    /// The agent did not say how it ended: the stream ended, broke, fell silent or could not be understood before. The run was failed here; the agent may still be at work.
    /// </summary>
    CutOff,

    /// <summary>It has not ended: it waits for a person.</summary>
    Waiting,
}
