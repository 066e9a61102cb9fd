namespace EventStreaming;

/// <summary>An event's payload cannot be written in a wire format. The inner exception says why.</summary>
public sealed class EventEncodingException : Exception
{
    /// <summary>Creates the exception.</summary>
    public EventEncodingException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public EventEncodingException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public EventEncodingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
