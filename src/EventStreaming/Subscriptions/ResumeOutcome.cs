namespace EventStreaming;

/// <summary>What became of the cursor a subscription was asked to begin from.</summary>
public enum ResumeOutcome
{
    /// <summary>No cursor was given: a fresh connect.</summary>
    Fresh,

    /// <summary>Everything behind the cursor is delivered.</summary>
    Resumed,

    /// <summary>Some of what is behind the cursor is no longer held; a gap says which, and the rest is delivered.</summary>
    Gap,

    /// <summary>The topic began anew since (a restart, an eviction, a close): delivery goes on from the oldest event there is.</summary>
    EpochChanged,

    /// <summary>The cursor points behind the newest event: treated as a fresh connect.</summary>
    Ahead,

    /// <summary>The cursor is not of this topic: treated as a fresh connect.</summary>
    Unknown,
}
