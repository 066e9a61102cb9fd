namespace EventStreaming;

/// <summary>A topic could not be created: there are as many as <see cref="TopicOptions.MaxCount"/> allows, and all are in use.</summary>
public sealed class TopicLimitException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    public TopicLimitException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public TopicLimitException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public TopicLimitException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
