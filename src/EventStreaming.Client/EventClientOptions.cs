namespace EventStreaming.Client;

/// <summary>What the clients of all transports have in common: the types they know, and how they come back.</summary>
public abstract class EventClientOptions
{
    private protected EventClientOptions()
    {
    }

    /// <summary>
    /// The event types that have typed payloads here: one that declares a <see cref="EventTypeDescriptor.JsonTypeInfo"/> is read with it. Any other payload
    /// stays a <see cref="JsonPayload"/>.
    /// </summary>
    /// <value>Default: <see cref="EventCatalog.Empty"/>.</value>
    public EventCatalog Catalog { get; set; } = EventCatalog.Empty;

    /// <summary>
    /// How long to wait before the first attempt to reconnect; it doubles with every further one. Of each delay a random half is left out, so
    /// that clients do not come back all at once. What the server asks for comes on top: the client never comes sooner than that.
    /// </summary>
    /// <value>1 ms to 1 hour. Default 1 second.</value>
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the doubling of <see cref="ReconnectDelay"/> ends.</summary>
    /// <value><see cref="ReconnectDelay"/> to 1 day. Default 30 seconds.</value>
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The longest wait that a server may ask for, by <c>retry:</c> in the stream, or <c>Retry-After</c> on a refusal. If it asks for longer, the client waits this
    /// long: no server may send it away for ever.
    /// </summary>
    /// <value>0 to 1 day. Default 10 minutes.</value>
    public TimeSpan MaxServerDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a connection must have lasted for the delay and the count of attempts to begin anew when it is lost. The silence that
    /// a read timeout ends is no part of it.
    /// </summary>
    /// <value>0 to 1 day. Default 1 minute.</value>
    public TimeSpan StableAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How many attempts to make, counted from the last stable connection, before the caller gets an <see cref="EventStreamException"/>.
    /// </summary>
    /// <value>0 (do not reconnect) to 2,147,483,647; null for no limit. Default null.</value>
    public int? MaxReconnectAttempts { get; set; }

    private protected void CopyTo(EventClientOptions copy)
    {
        copy.Catalog = Catalog;
        copy.ReconnectDelay = ReconnectDelay;
        copy.MaxReconnectDelay = MaxReconnectDelay;
        copy.MaxServerDelay = MaxServerDelay;
        copy.StableAfter = StableAfter;
        copy.MaxReconnectAttempts = MaxReconnectAttempts;
    }
}
