namespace EventStreaming.Client;

/// <summary>How a client reads streams and comes back to them.</summary>
public sealed class EventStreamClientOptions : EventClientOptions
{
    /// <summary>
    /// How large an event may be and how long the server may be silent. The silence before a response's headers counts as well.
    /// </summary>
    /// <value>Default: those of <see cref="SseReaderOptions"/>.</value>
    public SseReaderOptions Reader { get; set; } = new();

    internal EventStreamClientOptions Snapshot()
    {
        var copy = new EventStreamClientOptions
        {
            Reader = new SseReaderOptions { MaxEventBytes = Reader.MaxEventBytes, MaxNameBytes = Reader.MaxNameBytes, ReadTimeout = Reader.ReadTimeout },
        };
        CopyTo(copy);
        return copy;
    }
}
