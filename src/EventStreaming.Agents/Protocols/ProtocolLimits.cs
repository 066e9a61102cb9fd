namespace EventStreaming.Agents.Protocols;

/// <summary>How much one stream keeps of what is at work at one time. What has ended is kept as <see cref="RecentIds{T}"/>.</summary>
internal static class ProtocolLimits
{
    /// <summary>Messages that are being written. Any other comes as a whole when it is complete.</summary>
    public const int OpenTexts = 1_024;

    /// <summary>Tool calls at work. Any other is not shown, and a gap says so.</summary>
    public const int OpenTools = 4_096;

    /// <summary>Questions without an answer, and runs below the one that is shown. Of any other it is not known later how it began.</summary>
    public const int OpenParts = 4_096;

    /// <summary>Subagents of one AG-UI run. Any other is not shown: each may start once, so none that did may be forgotten, and a client keeps the same.</summary>
    public const int Subagents = 16_384;
}
