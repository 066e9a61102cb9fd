using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>
/// All log messages of the package. Event ids by area: 3000 connections, 3010 sockets, 3100 events. A stream is named by its URL without the query, where
/// tickets are.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Information, "Stream {Stream} is connected; resumed from '{LastEventId}'.")]
    public static partial void Connected(ILogger logger, string stream, string? lastEventId);

    [LoggerMessage(3001, LogLevel.Warning, "Stream {Stream} has no connection: {Cause} Attempt {Attempt} follows in {Delay}.")]
    public static partial void ConnectionLost(ILogger logger, string stream, string cause, int attempt, TimeSpan delay);

    [LoggerMessage(3002, LogLevel.Debug, "Stream {Stream} still has no stable connection: {Cause} Attempt {Attempt} follows in {Delay}.")]
    public static partial void StillLost(ILogger logger, string stream, string cause, int attempt, TimeSpan delay);

    [LoggerMessage(3003, LogLevel.Information, "Stream {Stream} ended: {Reason}; delivered {Delivered}, duplicates {Duplicates}, reconnects {Reconnects}.")]
    public static partial void Ended(ILogger logger, Exception? exception, string stream, EndReason reason, long delivered, long duplicates, int reconnects);

    [LoggerMessage(3004, LogLevel.Warning, "Stream {Stream} was redirected by the HttpClient's own handler, which sends cookies and other headers on to any host. Use a handler of EventStreamClient.CreateHandler.")]
    public static partial void RedirectedByHandler(ILogger logger, string stream);

    [LoggerMessage(3005, LogLevel.Error, "A handler of StateChanged of stream {Stream} failed; the stream goes on.")]
    public static partial void StateHandlerFailed(ILogger logger, Exception exception, string stream);

    [LoggerMessage(3010, LogLevel.Information, "Socket {Stream} is connected.")]
    public static partial void SocketConnected(ILogger logger, string stream);

    [LoggerMessage(3011, LogLevel.Information, "Socket {Stream} ended: {Reason}; reconnects {Reconnects}.")]
    public static partial void SocketEnded(ILogger logger, Exception? exception, string stream, EndReason reason, int reconnects);

    [LoggerMessage(3012, LogLevel.Information, "The reader of stream {Stream} is slow: it was unsubscribed with {Bytes} bytes waiting, and is resumed when they have been read.")]
    public static partial void ReaderSlow(ILogger logger, string stream, long bytes);

    [LoggerMessage(3100, LogLevel.Warning, "The payload of '{Type}' on stream {Stream} is not what the catalog declares: events of this type that cannot be read carry raw JSON. Bring the catalogs of both sides together.")]
    public static partial void PayloadUnreadable(ILogger logger, Exception exception, string type, string stream);
}
