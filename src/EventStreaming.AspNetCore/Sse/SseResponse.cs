using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EventStreaming.AspNetCore;

/// <summary>How a response becomes an event stream.</summary>
internal static class SseResponse
{
    public const string ContentType = "text/event-stream";

    /// <summary>
    /// Sets the headers, and says in every way there is that nobody on the way may hold anything back: with gzip on, nginx held all of it
    /// until the end without <c>X-Accel-Buffering</c> and <c>Content-Encoding</c>.
    /// </summary>
    public static void Prepare(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-cache, no-store, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        response.Headers.ContentEncoding = "identity";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <summary>
    /// Ends a stream that cannot begin any more, because the host is stopping. Not with a 5xx, which an EventSource takes for an answer and
    /// never comes back.
    /// </summary>
    public static async Task EndAtOnceAsync(HttpResponse response, TimeSpan retry, CancellationToken cancellationToken)
    {
        Prepare(response);
        SseFields.WriteRetry(response.BodyWriter, Jitter.Upwards(retry, factor: 3));
        await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
