using Microsoft.Extensions.Logging;

namespace EventStreaming.AspNetCore;

/// <summary>
/// All log messages of the package. Event ids by area: 2000 streams, 2100 tickets, 2110 sockets. Topics and types in them are valid names, so
/// bounded and without control characters; there are no payloads and no tickets.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Stream {Connection} of topic '{Topic}' opened: {Outcome}, types: {Types}.")]
    public static partial void Opened(ILogger logger, string connection, string topic, ResumeOutcome outcome, string types);

    [LoggerMessage(2001, LogLevel.Information, "Stream {Connection} of topic '{Topic}' closed: {Reason}; sent {Sent}, dropped {Dropped}, after {Duration}.")]
    public static partial void Closed(ILogger logger, string connection, string topic, EndReason reason, long sent, long dropped, TimeSpan duration);

    [LoggerMessage(2002, LogLevel.Information, "Request {Connection} of topic '{Topic}' was refused with {Status}: {Why}.")]
    public static partial void Refused(ILogger logger, string connection, string topic, int status, string why);

    [LoggerMessage(2003, LogLevel.Information, "Stream {Connection} of topic '{Topic}' goes without types that nobody declares: {Types}.")]
    public static partial void TypesIgnored(ILogger logger, string connection, string topic, string types);

    [LoggerMessage(2004, LogLevel.Debug, "Stream {Connection} of topic '{Topic}' was answered with 204: the topic is over, and the client has had all of it.")]
    public static partial void NothingLeft(ILogger logger, string connection, string topic);

    [LoggerMessage(2005, LogLevel.Information, "Stream {Connection} of topic '{Topic}' was ended at once: where the topic comes from cannot be reached. The client is told to come back.")]
    public static partial void SourceAway(ILogger logger, string connection, string topic);

    [LoggerMessage(2100, LogLevel.Debug, "A ticket for topic '{Topic}' was made on {Connection}; it expires at {ExpiresAt}.")]
    public static partial void TicketMade(ILogger logger, string connection, string topic, DateTimeOffset expiresAt);

    [LoggerMessage(2110, LogLevel.Information, "Socket {Connection} opened.")]
    public static partial void SocketOpened(ILogger logger, string connection);

    [LoggerMessage(2111, LogLevel.Information, "Socket {Connection} closed with {Code}; {Topics} topics, after {Duration}.")]
    public static partial void SocketClosed(ILogger logger, string connection, int code, int topics, TimeSpan duration);

    [LoggerMessage(2112, LogLevel.Information, "Socket request {Connection} was refused with {Status}: {Why}.")]
    public static partial void SocketRefused(ILogger logger, string connection, int status, string why);

    [LoggerMessage(2113, LogLevel.Information, "Topic '{Topic}' on socket {Connection} opened: {Outcome}, types: {Types}.")]
    public static partial void SocketTopicOpened(ILogger logger, string connection, string topic, ResumeOutcome outcome, string types);

    [LoggerMessage(2114, LogLevel.Information, "Topic '{Topic}' on socket {Connection} closed: {Reason}; sent {Sent}, dropped {Dropped}, after {Duration}.")]
    public static partial void SocketTopicClosed(ILogger logger, string connection, string topic, EndReason reason, long sent, long dropped, TimeSpan duration);

    [LoggerMessage(2115, LogLevel.Information, "Topic '{Topic}' on socket {Connection} was refused with {Status}: {Why}.")]
    public static partial void SocketTopicRefused(ILogger logger, string connection, string topic, int status, string why);

    [LoggerMessage(2116, LogLevel.Debug, "Socket {Connection} got a message that is no command: {Wrong}")]
    public static partial void SocketMessageBad(ILogger logger, string connection, string wrong);

    [LoggerMessage(2117, LogLevel.Error, "Socket {Connection} failed in the host's own code.")]
    public static partial void SocketFailed(ILogger logger, Exception exception, string connection);
}
