using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>Makes tickets for those who may see a topic.</summary>
internal sealed class TicketEndpoint(EventBus bus, EventStreamHttp http, TicketStore store, Func<HttpContext, string?> topicOf)
    : TopicEndpoint(http, topicOf)
{
    protected override async Task<Task<Refusal?>> ServeAsync(HttpContext context, string? topic)
    {
        var admission = await TopicAdmission.AskAsync(context, services: null, bus, topic, ticket: null, Http).ConfigureAwait(false);
        if (!admission.IsAdmitted)
        {
            return Task.FromResult<Refusal?>(admission.Refusal);
        }

        return MakeAsync(context, Http, store, bus, admission.Topic, admission.ExpiresAt);
    }

    /// <summary>Makes a ticket and answers with it, or says why not.</summary>
    public static async Task<Refusal?> MakeAsync(HttpContext context, EventStreamHttp http, TicketStore store, EventBus bus, string topic, DateTimeOffset? expiresAt)
    {
        var refusal = store.TryMake(bus.Name, topic, context.User, expiresAt, http.Options.PrincipalKey(context), out var ticket);
        if (refusal is null)
        {
            Log.TicketMade(http.Logger, LogText.Connection(context), topic, ticket.ExpiresAt);
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteAsJsonAsync(ticket, HttpJsonContext.Default.EventStreamTicket, contentType: null, context.RequestAborted).ConfigureAwait(false);
        }

        return refusal;
    }
}
