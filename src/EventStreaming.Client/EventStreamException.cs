using System.Net;
using System.Net.WebSockets;

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

    /// <summary>With what the server has closed the WebSocket; null when it was none, or has not been closed.</summary>
    public WebSocketCloseStatus? CloseStatus { get; init; }

    /// <summary>Whether another attempt may help.</summary>
    internal bool IsTransient { get; init; }

    /// <summary>The same for one more who gets it: an exception that is thrown twice has the second one's stack.</summary>
    internal static EventStreamException Again(Exception exception) => Of(exception.Message, exception);

    /// <summary>One with what a server has said, if the cause knows it.</summary>
    internal static EventStreamException Of(string message, Exception cause)
    {
        var refusal = cause as EventStreamException;
        return new EventStreamException(message, cause)
        {
            StatusCode = refusal?.StatusCode,
            Detail = refusal?.Detail,
            RetryAfter = refusal?.RetryAfter,
            CloseStatus = refusal?.CloseStatus,
        };
    }
}
