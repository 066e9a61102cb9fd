namespace EventStreaming;

/// <summary>How many topics there may be, and when an unused one goes.</summary>
public sealed class TopicOptions
{
    /// <summary>
    /// The most topics at one time. At the limit the topic that has been idle longest makes room, with a warning in the log; if every
    /// topic has a subscriber, creating another fails with <see cref="TopicLimitException"/>.
    /// </summary>
    /// <value>Topics, 1 to 10,000,000. Default 10,000.</value>
    public int MaxCount { get; set; } = 10_000;

    /// <summary>How long a topic without subscribers and without new events is kept. Then its history goes; a cursor into it gets <see cref="ResumeOutcome.EpochChanged"/>.</summary>
    /// <value>1 second to 365 days. Default 30 minutes. Kept to within an eighth of it.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);
}
