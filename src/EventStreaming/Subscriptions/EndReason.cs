namespace EventStreaming;

/// <summary>Why a subscription ended. Every subscription ends once, with one of these.</summary>
public enum EndReason
{
    /// <summary>The topic's terminal event was published: nothing comes behind it. It may still wait to be read.</summary>
    Completed,

    /// <summary>Its owner disposed it.</summary>
    Disposed,

    /// <summary>The token given to <c>Subscribe</c> was cancelled.</summary>
    Cancelled,

    /// <summary>It was too slow for a critical event: resume from its cursor.</summary>
    SlowConsumer,

    /// <summary>The transport could not be written to any more.</summary>
    TransportClosed,

    /// <summary>The topic was closed.</summary>
    TopicClosed,

    /// <summary>The host is stopping: resume from its cursor when it is back.</summary>
    HostStopping,

    /// <summary>Its handler, filter or sink failed; the exception says how.</summary>
    Faulted,
}
