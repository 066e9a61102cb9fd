using System.Net;
using System.Net.WebSockets;
using System.Security.Authentication;

namespace EventStreaming.Client;

/// <summary>Which failures may get better by themselves.</summary>
internal static class Transience
{
    /// <summary>Of those of a server 508 is not: a way that leads in a circle is laid so.</summary>
    public static bool IsTransient(HttpStatusCode status) =>
        status == HttpStatusCode.TooManyRequests || ((int)status is >= 500 and <= 599 && status != HttpStatusCode.LoopDetected);

    public static bool IsTransient(Exception exception) => exception switch
    {
        EventStreamException refusal => refusal.IsTransient,
        EventStreamEndedException or TimeoutException or IOException => true,

        // Thrown by handlers of the host's own, as one that gets tokens.
        HttpRequestException { StatusCode: { } status } => IsTransient(status),

        // The server's certificate, or its protocol, is not what is asked for.
        HttpRequestException { InnerException: AuthenticationException } => false,
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.VersionNegotiationError or HttpRequestError.ExtendedConnectNotSupported } => false,
        HttpRequestException => true,

        // What answered the handshake is no WebSocket.
        WebSocketException { WebSocketErrorCode: WebSocketError.NotAWebSocket or WebSocketError.UnsupportedVersion or WebSocketError.UnsupportedProtocol or WebSocketError.HeaderError } => false,
        WebSocketException { InnerException: HttpRequestException inner } => IsTransient(inner),
        WebSocketException => true,

        // HttpClient's own limit, not the caller's.
        OperationCanceledException { InnerException: TimeoutException } => true,
        _ => false,
    };
}
