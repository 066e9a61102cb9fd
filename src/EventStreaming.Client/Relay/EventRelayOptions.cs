namespace EventStreaming.Client;

/// <summary>Where a relay reads topics from, and for how long.</summary>
public sealed class EventRelayOptions
{
    /// <summary>
    /// The URL of a topic's stream, with <c>{topic}</c> where the topic's name goes, escaped: <c>https://agents.example/api/sessions/{topic}/events</c>. Every topic is then looked for
    /// there. The relay adds <c>from=start</c> and <c>workers=all</c>.
    /// </summary>
    /// <value>An absolute http or https URL. This or <see cref="FindUpstream"/> must be set, not both.</value>
    public string? Upstream { get; set; }

    /// <summary>
    /// Finds the URL of a topic's stream, when it takes more than a template, or not every topic is elsewhere. It gets names that clients chose: escape them. Called at each opening,
    /// by many at once.
    /// </summary>
    /// <value>Returns an absolute http or https URL; null for a topic that this relay does not bring.</value>
    public Func<string, Uri?>? FindUpstream { get; set; }

    /// <summary>The relay's name among those an event comes through (the <c>Via</c> header), by which a way that leads in a circle is found. It must be another at each relay.</summary>
    /// <value>1 to 64 letters, digits, <c>-</c>, <c>.</c> or <c>_</c>. Default: random, for this process.</value>
    public string Name { get; set; } = "relay-" + Guid.NewGuid().ToString("N")[..12];

    /// <summary>
    /// Whether to give up when the upstream cannot be reached, or is lost: viewers are told (<see cref="UpstreamStatus.Down"/>) and their streams end. Otherwise they stay connected, are told
    /// (<see cref="UpstreamStatus.Reconnecting"/>), and the relay tries again for as long as anyone watches.
    /// </summary>
    /// <value>Default false.</value>
    public bool FailFast { get; set; }

    /// <summary>How long a viewer waits for the first connection of a topic, and for what the upstream has of it by then.</summary>
    /// <value>1 ms to 1 hour. Default 10 seconds.</value>
    public TimeSpan OpenTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a topic is still read when nobody watches it. What was read stays on the bus by that one's own rules; the next viewer's opening goes on behind it.</summary>
    /// <value>0 to 1 day. Default 1 minute.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The most topics that are read at one time. At the limit one that nobody watches makes room; if all are watched, another one is <see cref="TopicOpeningStatus.Unavailable"/>.</summary>
    /// <value>Topics, 1 to 1,000,000. Default 10,000.</value>
    public int MaxTopics { get; set; } = 10_000;

    internal EventRelayOptions Snapshot() => (EventRelayOptions)MemberwiseClone();
}
