namespace EventStreaming;

/// <summary>There is no such topic, and none was to be created (<see cref="SubscriptionOptions.MustExist"/>).</summary>
public sealed class TopicNotFoundException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    public TopicNotFoundException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public TopicNotFoundException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public TopicNotFoundException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
