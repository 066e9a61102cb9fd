namespace EventStreaming;

/// <summary>What happens to a subscription whose handler throws. Either way the exception is logged and counted, and reaches no publisher.</summary>
public enum HandlerErrorPolicy
{
    /// <summary>It goes on with the next event.</summary>
    Continue,

    /// <summary>It ends as <see cref="EndReason.Faulted"/>, with the exception.</summary>
    End,
}
