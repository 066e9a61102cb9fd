namespace EventStreaming;

/// <summary>A subscription could not be made: there are as many as <see cref="EventStreamingOptions.MaxSubscriptions"/> allows.</summary>
public sealed class SubscriptionLimitException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    public SubscriptionLimitException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public SubscriptionLimitException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public SubscriptionLimitException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
