namespace EventStreaming;

/// <summary>A loop of a handler or a pump.</summary>
internal interface IRunner
{
    /// <summary>Readers are told to stop. May be said more than once, and to one that has ended.</summary>
    void OnHostStopping();

    /// <summary>The time for it is over. It may have ended.</summary>
    void Abort();
}
