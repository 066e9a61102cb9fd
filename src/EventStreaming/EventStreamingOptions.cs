namespace EventStreaming;

/// <summary>The limits of a bus. Every default is finite.</summary>
/// <remarks>Read once, when the bus is made, and validated then: see <see cref="EventStreamingOptionsValidator"/>.</remarks>
public sealed class EventStreamingOptions
{
    /// <summary>What each topic keeps of its past.</summary>
    public HistoryOptions History { get; set; } = new();

    /// <summary>How many topics there may be.</summary>
    public TopicOptions Topics { get; set; } = new();

    /// <summary>The largest event accepted, as <see cref="EventSize"/> counts it. Publishing a larger one fails.</summary>
    /// <value>Bytes, 1,024 to 1 GiB. Default 1 MiB.</value>
    public int MaxEventBytes { get; set; } = 1 << 20;

    /// <summary>The most subscriptions at one time.</summary>
    /// <value>Subscriptions, 1 to 10,000,000. Default 100,000. Beyond it <c>Subscribe</c> fails.</value>
    public int MaxSubscriptions { get; set; } = 100_000;

    /// <summary>How long disposing the bus waits for handlers and transports to finish with what was published.</summary>
    /// <value>0 to 1 hour. Default 5 seconds. After that they are ended as they are.</value>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
