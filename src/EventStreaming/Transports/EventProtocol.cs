namespace EventStreaming;

/// <summary>
/// A wire protocol with rules for what may follow what: what is written for an event depends on what the connection has been sent before. A format
/// in which each event stands for itself is an <see cref="EventEncoder"/>.
/// </summary>
/// <remarks>Derive from it to add a protocol. One instance serves all connections; implementations must be thread-safe.</remarks>
public abstract class EventProtocol
{
    /// <summary>The protocol's name, as in <c>?format=</c>.</summary>
    public abstract string Format { get; }

    /// <summary>Header fields that every response in this protocol has, such as its version.</summary>
    /// <value>Default: none.</value>
    public virtual IReadOnlyDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Begins one connection's stream.</summary>
    /// <param name="request">What the connection wants to see.</param>
    /// <returns>The stream's state, for this connection alone.</returns>
    public abstract EventProtocolStream Open(EventProtocolRequest request);
}
