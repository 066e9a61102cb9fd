using System.Buffers;
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
    /// Ends a stream that cannot begin now, because the host is stopping or what is watched is away. Not with a 5xx, which an EventSource takes for an
    /// answer and never comes back.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <param name="notice">A frame that says why; may be empty.</param>
    /// <param name="retry">How long a client waits at least.</param>
    /// <param name="cancellationToken">Cancelled when the client is gone.</param>
    public static async Task EndAtOnceAsync(HttpResponse response, ReadOnlyMemory<byte> notice, TimeSpan retry, CancellationToken cancellationToken)
    {
        Prepare(response);
        response.BodyWriter.Write(notice.Span);
        SseFields.WriteRetry(response.BodyWriter, Jitter.Upwards(retry, factor: 3));
        await response.BodyWriter.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
