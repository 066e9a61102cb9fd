namespace AgentHost.Runs;

/// <summary>Whether a run may begin.</summary>
internal enum RunAdmission
{
    Admitted,

    /// <summary>The session was deleted.</summary>
    SessionIsGone,

    /// <summary>The session has as many runs at work as it may.</summary>
    SessionIsFull,

    /// <summary>The host has as many runs at work as it may.</summary>
    HostIsFull,

    /// <summary>The host is stopping.</summary>
    HostIsStopping,
}
