using System.Net;

namespace EventStreaming.Client;

/// <summary>
/// Follows redirects of streams. Below everything that adds credentials to a request, so that it can take them away: to another origin go only the headers
/// that any browser would send. <see cref="SocketsHttpHandler"/> takes away <c>Authorization</c>, within one origin too, and nothing else.
/// </summary>
internal sealed class RedirectHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    public const int MaxRedirects = 5;

    private static readonly HashSet<string> s_safe = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Encoding", "Accept-Language", "Cache-Control", StreamConnector.LastEventIdHeader, "User-Agent", "traceparent", "tracestate",

        // Relays only. Without it a way that leads in a circle over a redirect looks new at every round.
        "Via",
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        for (var redirects = 0; ; redirects++)
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (redirects == MaxRedirects || request.Method != HttpMethod.Get || TargetOf(request, response) is not { } target)
            {
                return response;
            }

            response.Dispose();
            request = Redirect(request, target);
        }
    }

    /// <returns>Where to go; null when this is no redirect, or not one to follow: without a place, or from HTTPS to HTTP.</returns>
    private static Uri? TargetOf(HttpRequestMessage request, HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || response.Headers.Location is not { } location)
        {
            return null;
        }

        var source = request.RequestUri!; // It has been sent.
        var target = new Uri(source, location);
        var isAllowed = IsScheme(target, Uri.UriSchemeHttps) || (IsScheme(target, Uri.UriSchemeHttp) && IsScheme(source, Uri.UriSchemeHttp));
        return isAllowed ? target : null;
    }

    private static bool IsScheme(Uri uri, string scheme) => string.Equals(uri.Scheme, scheme, StringComparison.Ordinal);

    private static HttpRequestMessage Redirect(HttpRequestMessage request, Uri target)
    {
        var redirected = new HttpRequestMessage(HttpMethod.Get, target) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        var isSameOrigin = Uri.Compare(request.RequestUri!, target, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (isSameOrigin || s_safe.Contains(name))
            {
                redirected.Headers.TryAddWithoutValidation(name, values);
            }
        }

        return redirected;
    }
}
