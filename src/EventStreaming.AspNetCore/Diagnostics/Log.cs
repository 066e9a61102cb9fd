using Microsoft.Extensions.Logging;

namespace EventStreaming.AspNetCore;

/// <summary>
/// All log messages of the package. Event ids by area: 2000 connections, 2100 tickets. Topics and types in them are valid names, so
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

    [LoggerMessage(2100, LogLevel.Debug, "A ticket for topic '{Topic}' was made on {Connection}; it expires at {ExpiresAt}.")]
    public static partial void TicketMade(ILogger logger, string connection, string topic, DateTimeOffset expiresAt);
}
