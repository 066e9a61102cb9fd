using System.Collections.Concurrent;

namespace EventStreaming.AspNetCore;

/// <summary>One message encoder for each format, whatever the number of endpoints: so that they share messages, too.</summary>
internal sealed class SocketEncoders
{
    private readonly ConcurrentDictionary<EventEncoder, SocketMessageEncoder> _encoders = new();

    public SocketMessageEncoder Get(EventEncoder inner) => _encoders.GetOrAdd(inner, static inner => new SocketMessageEncoder(inner));
}
