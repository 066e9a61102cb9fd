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

    /// <summary>Set on every published event, so that a test for <see cref="Any"/> is true of all.</summary>
    Published = 1 << 7,

    /// <summary>All of them.</summary>
    Any = 0xFF,
}
