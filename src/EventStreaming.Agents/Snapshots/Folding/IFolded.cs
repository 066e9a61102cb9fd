namespace EventStreaming.Agents.Snapshots;

/// <summary>Something of a session that is kept.</summary>
internal interface IFolded
{
    /// <summary>What it counts towards the session's limit.</summary>
    long Bytes { get; }

    /// <summary>Whether nothing more comes of it: it goes before what is open.</summary>
    bool IsFinished { get; }
}
