namespace EventStreaming;

/// <summary>What was decided about an event once, when it was published, so that each subscription only tests a bit.</summary>
[Flags]
internal enum EventTraits : byte
{
    None = 0,
    Critical = 1 << 0,
    Terminal = 1 << 1,
    ReplayOnConnect = 1 << 2,
    LatestWins = 1 << 3,

    /// <summary>A worker published it.</summary>
    FromWorker = 1 << 4,

    /// <summary>A worker published it, and its type does not surface from workers.</summary>
    WorkerNoise = 1 << 5,

    /// <summary>Made by the stream itself, not published.</summary>
    Control = 1 << 6,
}
