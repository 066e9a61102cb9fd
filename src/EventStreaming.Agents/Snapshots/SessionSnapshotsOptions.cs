namespace EventStreaming.Agents;

/// <summary>How much is kept of sessions for those who join late. Validated when the host starts.</summary>
public sealed class SessionSnapshotsOptions
{
    /// <summary>The most sessions. Beyond it those go in which no run is at work, the longest unchanged first, and then the others.</summary>
    /// <value>Sessions, 1 to 10,000,000. Default 10,000, as many as a bus has topics.</value>
    public int MaxSessions { get; set; } = 10_000;

    /// <summary>
    /// The most messages of a session, and likewise runs, trains of thought, tool calls (those at work and those that have ended together), retrievals, questions and steps of
    /// a run. Beyond it the oldest goes that is finished, or else the oldest, and the snapshot says that it is truncated.
    /// </summary>
    /// <value>Items of each kind, 1 to 100,000. Default 500.</value>
    public int MaxItems { get; set; } = 500;

    /// <summary>The most bytes of a session, as <see cref="EventSize"/> counts them. Beyond it go, the oldest first,
    /// retrievals, tool calls that have ended, messages that are complete, runs that have ended, and then the rest. Half of it is the most that one text may have; the rest of
    /// that is left out.</summary>
    /// <value>Bytes, 16 KiB to 1 GiB. Default 2 MiB.</value>
    public long MaxBytesPerSession { get; set; } = 2 << 20;

    /// <summary>The most bytes of all sessions together. Beyond it sessions go as with <see cref="MaxSessions"/>.</summary>
    /// <value>Bytes, <see cref="MaxBytesPerSession"/> to 1 TiB. Default 256 MiB.</value>
    public long MaxBytes { get; set; } = 256L << 20;

    /// <summary>How often sessions whose topics are gone are let go.</summary>
    /// <value>100 ms to 1 day. Default 30 seconds.</value>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(30);
}
