using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>Makes tickets for sockets. Which topics their holder may see is asked when they are subscribed to.</summary>
internal sealed class SocketTicketEndpoint(EventBus bus, EventStreamHttp http, TicketStore store) : TopicEndpoint(http, static _ => AnyTopic)
{
    /// <summary>Stands in a ticket for a socket's topics. No topic can be called so, so it opens no stream.</summary>
    public const string AnyTopic = "";

    protected override async Task<Refusal?> ServeAsync(HttpContext context, string? topic)
    {
        var expiresAt = TopicAdmission.AuthenticationExpiry(context, ticket: null);
        return expiresAt <= Http.TimeProvider.GetUtcNow()
            ? Refusal.Expired
            : await TicketEndpoint.MakeAsync(context, Http, store, bus, AnyTopic, expiresAt).ConfigureAwait(false);
    }
}
