using System.Net.WebSockets;

namespace EventStreaming.AspNetCore;

/// <summary>How a socket ends.</summary>
/// <remarks>
/// A client comes back with its cursors after 1001, 1011, 1013, an end without a close, and 4000 to 4499; not after 1002, 1003, 1007, 1008, 1009 and 4500 to 4999.
/// </remarks>
/// <param name="Code">The close code; 0 when the client is gone and there is nobody to tell.</param>
/// <param name="Description">For the client, what it can do: at most 123 bytes.</param>
internal sealed record SocketClose(int Code, string Description)
{
    public static SocketClose Gone { get; } = new(0, "gone");

    public static SocketClose ByClient { get; } = new((int)WebSocketCloseStatus.NormalClosure, string.Empty);

    public static SocketClose HostStopping { get; } = new((int)WebSocketCloseStatus.EndpointUnavailable, "The host is stopping: reconnect with your cursors.") { LetsTopicsEnd = true };

    public static SocketClose AccessExpired { get; } = new(4401, "Your access has expired: sign in again, then reconnect with your cursors.") { LetsTopicsEnd = true };

    public static SocketClose TooSlow { get; } = new(1013, "You did not read in time: reconnect with your cursors.");

    public static SocketClose Failed { get; } = new((int)WebSocketCloseStatus.InternalServerError, "The server failed: reconnect with your cursors.");

    public static SocketClose Malformed { get; } = new((int)WebSocketCloseStatus.ProtocolError, string.Empty);

    public static SocketClose Binary { get; } = new((int)WebSocketCloseStatus.InvalidMessageType, "Send text messages: binary ones are not read.");

    public static SocketClose TooManyBadMessages { get; } = new((int)WebSocketCloseStatus.PolicyViolation, "Too many messages were no commands: see the errors.");

    /// <summary>Whether each topic's stream goes on to its own end, which its client is told.</summary>
    public bool LetsTopicsEnd { get; private init; }

    public static SocketClose TooBig(int maximum) => new((int)WebSocketCloseStatus.MessageTooBig, $"A message may have at most {maximum} bytes.");
}
