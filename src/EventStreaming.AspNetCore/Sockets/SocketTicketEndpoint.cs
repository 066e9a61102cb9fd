using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>Makes tickets for sockets. Which topics their holder may see is asked when they are subscribed to.</summary>
internal sealed class SocketTicketEndpoint(EventBus bus, EventStreamHttp http, TicketStore store) : TopicEndpoint(http, static _ => AnyTopic)
{
    /// <summary>Stands in a ticket for a socket's topics. No topic can be called so, so it opens no stream.</summary>
    public const string AnyTopic = "";

    protected override Task<Task<Refusal?>> ServeAsync(HttpContext context, string? topic)
    {
        var expiresAt = TopicAdmission.AuthenticationExpiry(context, ticket: null);
        return Task.FromResult(expiresAt <= Http.TimeProvider.GetUtcNow()
            ? Task.FromResult<Refusal?>(Refusal.Expired)
            : TicketEndpoint.MakeAsync(context, Http, store, bus, AnyTopic, expiresAt));
    }
}
