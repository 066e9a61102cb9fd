namespace EventStreaming;

/// <summary>A wait for an event ended because the stream did.</summary>
public sealed class EventStreamEndedException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    public EventStreamEndedException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public EventStreamEndedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public EventStreamEndedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception.</summary>
    public EventStreamEndedException(string message, EndReason reason, Exception? innerException)
        : base(message, innerException) => Reason = reason;

    /// <summary>Why the stream ended.</summary>
    public EndReason Reason { get; }
}
