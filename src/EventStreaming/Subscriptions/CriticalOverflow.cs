namespace EventStreaming;

/// <summary>What happens to a subscription when its channel has no room even for a critical event.</summary>
public enum CriticalOverflow
{
    /// <summary>
    /// It leaves the live path, its reader reads what it missed from the topic's history and then rejoins. It ends as
    /// <see cref="EndReason.SlowConsumer"/> only when history has lost a critical event it still needs.
    /// </summary>
    CatchUp,

    /// <summary>It ends at once as <see cref="EndReason.SlowConsumer"/>; the client resumes from its cursor.</summary>
    Disconnect,
}
