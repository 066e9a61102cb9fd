using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>Makes tickets for those who may see a topic.</summary>
internal sealed class TicketEndpoint(EventBus bus, EventStreamHttp http, TicketStore store, Func<HttpContext, string?> topicOf)
    : TopicEndpoint(http, topicOf)
{
    protected override async Task<Refusal?> ServeAsync(HttpContext context, string? topic)
    {
        var admission = await TopicAdmission.AskAsync(context, bus, topic, ticket: null, Http.TimeProvider).ConfigureAwait(false);
        if (!admission.IsAdmitted)
        {
            return admission.Refusal;
        }

        var refusal = store.TryMake(bus.Name, admission.Topic, context.User, admission.ExpiresAt, Http.Options.PrincipalKey(context), out var ticket);
        if (refusal is null)
        {
            Log.TicketMade(Http.Logger, LogText.Connection(context), admission.Topic, ticket.ExpiresAt);
            context.Response.StatusCode = StatusCodes.Status201Created;
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteAsJsonAsync(ticket, HttpJsonContext.Default.EventStreamTicket, contentType: null, context.RequestAborted).ConfigureAwait(false);
        }

        return refusal;
    }
}
