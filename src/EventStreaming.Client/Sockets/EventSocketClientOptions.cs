using System.Net.WebSockets;

namespace EventStreaming.Client;

/// <summary>How a client of event sockets reads topics and comes back to them.</summary>
public sealed class EventSocketClientOptions : EventClientOptions
{
    internal const int LargestMessageBytes = 1 << 30;

    /// <summary>
    /// Sets the headers, the sub-protocol or the HTTP version of each handshake, just before it: so a token can be a new one each time. What it throws counts as a failed attempt,
    /// tried again if it is an error of the network. Certificates and a proxy are the handler's (<see cref="EventSocketClient.CreateHandler"/>).
    /// </summary>
    /// <value>Default null: nothing.</value>
    public Func<ClientWebSocketOptions, CancellationToken, ValueTask>? ConfigureSocket { get; set; }

    /// <summary>
    /// The most bytes of one message. The topic whose event is longer ends with <see cref="EventStreamException"/>; the socket is closed with 1009, as what is left of the message
    /// is in the way of the others, which resume on a new one.
    /// </summary>
    /// <value>Bytes, 1,024 to 1 GiB. Default 1,114,112: the bus's default bound of an event, and 64 KiB for what its JSON and the message's add.</value>
    public int MaxMessageBytes { get; set; } = (1 << 20) + (64 << 10);

    /// <summary>
    /// The most bytes of a topic's events that wait for their reader, each counted with 256 more; one event may always wait, and the first three messages of a subscription. Beyond it the
    /// topic is unsubscribed, and resumed behind the last event when its reader has read what waits: so a slow reader holds up no other topic, and no memory beyond this.
    /// </summary>
    /// <value>Bytes, 1,024 to 1 GiB. Default 1 MiB.</value>
    public int TopicBufferBytes { get; set; } = 1 << 20;

    /// <summary>
    /// How long the server may say nothing before the socket is taken for dead. When half of it is over the server is asked, with a message, whether it is there. It holds for the handshake
    /// and the answer to a subscribe as well.
    /// </summary>
    /// <value>1 ms to 1 day, or infinite for never. Default 60 seconds.</value>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often a socket that has been silent is asked with a ping frame whether it still leads anywhere.</summary>
    /// <value>100 ms to 1 day, or infinite for never. Default 15 seconds: proxies cut idle connections at 60 s or more.</value>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the answer to a ping frame may take. Beyond it the socket is taken for dead.</summary>
    /// <value>100 ms to 1 day, or infinite for ever. Default 15 seconds.</value>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(15);

    internal EventSocketClientOptions Snapshot()
    {
        var copy = new EventSocketClientOptions
        {
            ConfigureSocket = ConfigureSocket,
            MaxMessageBytes = MaxMessageBytes,
            TopicBufferBytes = TopicBufferBytes,
            ReadTimeout = ReadTimeout,
            KeepAliveInterval = KeepAliveInterval,
            KeepAliveTimeout = KeepAliveTimeout,
        };
        CopyTo(copy);
        return copy;
    }
}
