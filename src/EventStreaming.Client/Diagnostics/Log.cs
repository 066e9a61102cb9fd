using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>
/// All log messages of the package. Event ids by area: 3000 connections, 3010 sockets, 3100 events, 3110 relays. A stream is named by its URL without the query,
/// where tickets are.
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

    [LoggerMessage(3110, LogLevel.Information, "Topic '{Topic}' is read from {Upstream}.")]
    public static partial void RelayReading(ILogger logger, string topic, string? upstream);

    [LoggerMessage(3111, LogLevel.Information, "Topic '{Topic}' is no longer read from {Upstream}; for those who waited it was {Status}.")]
    public static partial void RelayStopped(ILogger logger, string topic, string? upstream, TopicOpeningStatus status);

    [LoggerMessage(3112, LogLevel.Warning, "{Upstream} has refused topic '{Topic}', or cannot be read, and trying again would not help: {Status}. If it is Forbidden, look at this host's credentials.")]
    public static partial void RelayRefused(ILogger logger, Exception exception, string? upstream, string topic, TopicOpeningStatus status);

    [LoggerMessage(3113, LogLevel.Warning, "{Upstream} cannot be reached, and FailFast says not to wait for it: the viewers of topic '{Topic}' are told, and their streams end.")]
    public static partial void RelayGaveUp(ILogger logger, Exception? exception, string? upstream, string topic);

    [LoggerMessage(3114, LogLevel.Warning, "An event '{Type}' at {Sequence} of topic '{Topic}' is refused by this bus; its readers get a gap instead.")]
    public static partial void RelayedEventRefused(ILogger logger, Exception exception, string type, long sequence, string topic);

    [LoggerMessage(3115, LogLevel.Warning, "An event at {Sequence}, or behind, of topic '{Topic}' is larger than the relay's client reads; its readers get a gap instead.")]
    public static partial void RelayedEventTooLarge(ILogger logger, Exception exception, long sequence, string topic);

    [LoggerMessage(3116, LogLevel.Information, "Topic '{Topic}' has begun anew where it comes from, as '{Epoch}': its readers are told to come back.")]
    public static partial void RelayedTopicRestarted(ILogger logger, string topic, string epoch);

    [LoggerMessage(3117, LogLevel.Warning, "A request for topic '{Topic}' leads in a circle, or through too many relays: {Via}.")]
    public static partial void RelayLoop(ILogger logger, string topic, string via);

    [LoggerMessage(3118, LogLevel.Warning, "{MaxTopics} topics are read and watched, as many as MaxTopics allows: topic '{Topic}' is refused for now.")]
    public static partial void RelayIsFull(ILogger logger, int maxTopics, string topic);

    [LoggerMessage(3119, LogLevel.Warning, "Topic '{Topic}' is over where it comes from, but not here: its last event's type is not declared as terminal in the catalog of this bus. Its viewers wait on.")]
    public static partial void RelayedEndNotDeclared(ILogger logger, string topic);

    [LoggerMessage(3120, LogLevel.Information, "{Upstream} has no topic '{Topic}', or no longer.")]
    public static partial void RelayedTopicNotFound(ILogger logger, string? upstream, string topic);
}
