namespace EventStreaming;

/// <summary>What happens to a Normal event when a subscription's channel has no room for it.</summary>
public enum NormalOverflow
{
    /// <summary>It is dropped, and a gap says so: a viewer wants to see what is happening now.</summary>
    Drop,

    /// <summary>
    /// It is treated as a critical one: the subscription falls behind and reads it from history. Only what history no longer holds is lost.
    /// For handlers and stores, which want all and have time.
    /// </summary>
    CatchUp,
}
