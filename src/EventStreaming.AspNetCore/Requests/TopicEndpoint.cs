using Microsoft.AspNetCore.Http;

namespace EventStreaming.AspNetCore;

/// <summary>What the endpoints have in common: a request for a topic is served, or answered and logged with why it is not.</summary>
internal abstract class TopicEndpoint(EventStreamHttp http, Func<HttpContext, string?> topicOf)
{
    protected EventStreamHttp Http { get; } = http;

    public Task HandleAsync(HttpContext context)
    {
        var topic = topicOf(context);
        return HandleAsync(context, topic, Http, ServeAsync);
    }

    /// <summary>Serves a request, or answers it.</summary>
    public static async Task HandleAsync(HttpContext context, string? topic, EventStreamHttp http, Func<HttpContext, string?, Task<Task<Refusal?>>> serve)
    {
        try
        {
            var served = await serve(context, topic).ConfigureAwait(false);
            if (await served.ConfigureAwait(false) is { } refusal)
            {
                Log.Refused(http.Logger, LogText.Connection(context), LogText.Topic(topic), refusal.Status, refusal.Why);
                await refusal.WriteAsync(context, http.Options.RetryAfter).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client was gone before it was served. There is nobody to tell.
        }
    }

    /// <returns>
    /// Begun, with what tells in the end why it was not served; null when it was. In two, so that what a request needed to be let in is not held as long as
    /// its stream lasts.
    /// </returns>
    protected abstract Task<Task<Refusal?>> ServeAsync(HttpContext context, string? topic);
}
