namespace EventStreaming;

/// <summary>Why events are missing.</summary>
public enum GapReason
{
    /// <summary>The reader was too slow: Normal events were dropped while its channel was full.</summary>
    Overflow,

    /// <summary>The topic's history no longer holds them.</summary>
    Evicted,

    /// <summary>The event's payload cannot be written in this wire format. The host's log says why.</summary>
    Unencodable,
}
