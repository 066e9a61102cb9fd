namespace EventStreaming.Client;

/// <summary>
/// A server sent more than <see cref="SseReaderOptions"/> allows in one event; the message names the limit and its option. Reading has ended.
/// To resume from the same id would most likely meet the same event again.
/// </summary>
public sealed class SseLimitException : Exception
{
    /// <summary>Creates the exception.</summary>
    public SseLimitException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public SseLimitException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public SseLimitException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
