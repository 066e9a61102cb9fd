using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>How a stream is written: in a format, which all its viewers share, or as one viewer's stream in a protocol.</summary>
internal abstract class StreamForm
{
    /// <summary>Whether the client shall be told, instead of streamed to, that there is nothing left for it.</summary>
    public abstract bool IsNothingLeft(EventSubscription subscription);

    /// <summary>Sets what the form itself needs, after the host has set what it likes.</summary>
    public virtual void Configure(SubscriptionOptions subscription)
    {
    }

    /// <summary>Makes the response a stream.</summary>
    public abstract IEventSink CreateSink(HttpContext context, EventSubscription subscription);

    /// <summary>Tells a client that the stream cannot begin now.</summary>
    /// <param name="context">The request.</param>
    /// <param name="notice">An event that says why; null when the host is stopping.</param>
    /// <returns>The answer, when it is not a stream.</returns>
    public abstract Task<Refusal?> EndAtOnceAsync(HttpContext context, StreamEvent? notice);
}
