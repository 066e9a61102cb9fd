namespace EventStreaming;

/// <summary>A loop of a handler or a pump.</summary>
internal interface IRunner
{
    /// <summary>The time for it is over. It may have ended.</summary>
    void Abort();
}
