namespace EventStreaming;

/// <summary>One connection's stream in a protocol: what it has been sent, and so what may follow.</summary>
/// <remarks>
/// Used by one connection, one call at a time: <see cref="Configure"/>, then <see cref="Begin"/> once, <see cref="Write"/> for each event in its order, the stream's own
/// (<see cref="ControlEvents"/>) included, and <see cref="Close"/> once at the end, unless the connection is broken. What an event's payload becomes shall be made once for all connections: keep an
/// <see cref="EventEncoder"/> for it and write its <see cref="EventEncoder.GetBytes"/>.
/// </remarks>
public abstract class EventProtocolStream
{
    /// <summary>Whether the stream is over by the protocol's rules: nothing more is written, the subscription ends as <see cref="EndReason.Completed"/>, and the connection is closed in order.</summary>
    /// <remarks>Over already after <see cref="Configure"/>: there is nothing to show. Nothing is begun then; over HTTP the answer is 204.</remarks>
    public bool IsOver { get; protected set; }

    /// <summary>Sets what the connection's subscription reads, and from where. The topic is set, and stays as it is.</summary>
    /// <param name="subscription">The subscription's options.</param>
    public abstract void Configure(SubscriptionOptions subscription);

    /// <summary>Writes what a connection is sent before its first event, such as how things stand.</summary>
    /// <param name="output">Takes the messages.</param>
    public virtual void Begin(IMessageWriter output)
    {
    }

    /// <summary>Writes what an event is in this protocol: no message, one, or several.</summary>
    /// <param name="item">The event.</param>
    /// <param name="output">Takes the messages.</param>
    public abstract void Write(StreamEvent item, IMessageWriter output);

    /// <summary>Writes what a connection is sent at the end of its stream. Not called when the stream <see cref="IsOver"/>.</summary>
    /// <param name="reason">Why it ends.</param>
    /// <param name="output">Takes the messages.</param>
    public virtual void Close(EndReason reason, IMessageWriter output)
    {
    }
}
