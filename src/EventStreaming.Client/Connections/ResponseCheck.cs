using System.Globalization;
using System.Net;

namespace EventStreaming.Client;

/// <summary>What a server's answer means.</summary>
internal static class ResponseCheck
{
    /// <returns>True for a stream; false when the server says that there is nothing left to come.</returns>
    /// <exception cref="EventStreamException">It is neither.</exception>
    public static async Task<bool> IsStreamAsync(HttpResponseMessage response, string stream, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.NoContent:
                return false;
            case HttpStatusCode.OK:
                return FindFault(response) is { } fault ? throw new EventStreamException($"{stream} {fault}") { StatusCode = HttpStatusCode.OK } : true;
            default:
                throw await RefusalAsync(response, stream, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string? FindFault(HttpResponseMessage response)
    {
        var headers = response.Content.Headers;
        if (!string.Equals(headers.ContentType?.MediaType, "text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            return $"is no stream of events: its content type is '{Shown(headers.ContentType?.ToString())}', not text/event-stream. Check the URL.";
        }

        var encoding = headers.ContentEncoding.FirstOrDefault(static encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase));
        return encoding is null
            ? null
            : $"is compressed as '{Shown(encoding)}', which nobody asked for. Let the HttpClient's handler decompress (AutomaticDecompression), or the server not compress.";
    }

    private static async Task<EventStreamException> RefusalAsync(
        HttpResponseMessage response, string stream, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var detail = await ProblemText.ReadAsync(response, cancellationToken).ConfigureAwait(false);
        var remedy = status is >= 300 and < 400
            ? $" Redirects are followed up to {RedirectHandler.MaxRedirects} times, by a handler of EventStreamClient.CreateHandler, and never from HTTPS to HTTP."
            : string.Empty;
        return new EventStreamException(string.Create(
            CultureInfo.InvariantCulture, $"{stream} answered {status} ({response.StatusCode}){(detail is null ? "." : ": " + detail)}{remedy}"))
        {
            StatusCode = response.StatusCode,
            Detail = detail,
            RetryAfter = Client.RetryAfter.Read(response.Headers.RetryAfter, timeProvider),
            IsTransient = Transience.IsTransient(response.StatusCode),
        };
    }

    private static string Shown(string? text)
    {
        const int MaxLength = 100;
        text ??= "none";
        return string.Concat(text.Take(MaxLength).Select(static c => char.IsControl(c) ? '?' : c));
    }
}
