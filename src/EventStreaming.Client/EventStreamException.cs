using System.Net;

namespace EventStreaming.Client;

/// <summary>
/// A stream cannot be read, and trying again would not help: the server refused it, or answered with something else than a stream of events; or the
/// allowed number of attempts is used up. The message says which, and never has a URL's query, where tickets are.
/// </summary>
public sealed class EventStreamException : Exception
{
    /// <summary>Creates the exception.</summary>
    public EventStreamException()
    {
    }

    /// <summary>Creates the exception.</summary>
    public EventStreamException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    public EventStreamException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The status of the server's answer; null when there was none.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>
    /// What the server says of it: the title and detail of a problem document (RFC 9457) or a plain text, at most 1,024 characters, control characters
    /// replaced. It is the server's word. Null if it said nothing readable.
    /// </summary>
    public string? Detail { get; init; }

    /// <summary>How long the server asks to wait (<c>Retry-After</c>); null if it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether another attempt may help.</summary>
    internal bool IsTransient { get; init; }
}
