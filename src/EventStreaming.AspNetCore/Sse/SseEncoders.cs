using System.Collections.Concurrent;

namespace EventStreaming.AspNetCore;

/// <summary>One frame encoder for each format and way of naming, whatever the number of endpoints: so that they share frames, too.</summary>
internal sealed class SseEncoders
{
    private readonly ConcurrentDictionary<(EventEncoder Inner, bool NamesEvents), SseFrameEncoder> _encoders = new();

    public SseFrameEncoder Get(EventEncoder inner, bool namesEvents) =>
        _encoders.GetOrAdd((inner, namesEvents), static key => new SseFrameEncoder(key.Inner, key.NamesEvents));
}
