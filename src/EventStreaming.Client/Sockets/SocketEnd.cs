using System.Globalization;
using System.Net.WebSockets;

namespace EventStreaming.Client;

/// <summary>How a socket ends.</summary>
/// <param name="Cause">Why; whether to come back is in it.</param>
/// <param name="Code">With what to close it from here; null when there is nobody to tell.</param>
internal sealed record SocketEnd(Exception Cause, WebSocketCloseStatus? Code)
{
    public static SocketEnd ByCaller { get; } = new(new OperationCanceledException(), WebSocketCloseStatus.NormalClosure);

    public static SocketEnd Broken(Exception cause) => new(cause, Code: null);

    /// <summary>The server sends what no event socket does.</summary>
    public static SocketEnd NoEventSocket(string name, string what, WebSocketCloseStatus code) =>
        new(new EventStreamException($"{name} is no event socket: {what} Check the URL."), code);

    /// <summary>The server has closed it. 1001, 1011, 1013 and 4000 to 4499 mean "come back", as do those nobody has given a meaning; RFC 6455, section 7.4, has the others.</summary>
    public static SocketEnd Closed(string name, WebSocketCloseStatus? status, string? description)
    {
        var code = (int)(status ?? WebSocketCloseStatus.Empty);
        var detail = ProblemText.Bounded(description ?? string.Empty);
        var text = string.Create(CultureInfo.InvariantCulture, $"{name} has closed the socket with {code}{(detail is null ? "." : ": " + detail)}");
        Exception cause = code is 1002 or 1003 or (>= 1007 and <= 1010) or >= 4500
            ? new EventStreamException(text) { CloseStatus = status, Detail = detail }
            : new EventStreamEndedException(text, ReasonOf(code), innerException: null);
        return new SocketEnd(cause, WebSocketCloseStatus.NormalClosure);
    }

    private static EndReason ReasonOf(int code) => code switch
    {
        (int)WebSocketCloseStatus.EndpointUnavailable => EndReason.HostStopping,
        (int)WebSocketCloseStatus.InternalServerError => EndReason.Faulted,
        1013 => EndReason.SlowConsumer,
        _ => EndReason.TransportClosed,
    };
}
