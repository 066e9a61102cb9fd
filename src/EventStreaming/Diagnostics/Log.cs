using Microsoft.Extensions.Logging;

namespace EventStreaming;

/// <summary>
/// All log messages of the package. Event ids by area: 1000 the bus, 1100 topics, 1200 subscriptions, 1300 handlers, 1400 transports.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Warning, "Bus '{Bus}' was disposed after {Timeout}, before {Count} handlers or transports had finished. Raise ShutdownTimeout if they need longer.")]
    public static partial void ShutdownTimedOut(ILogger logger, string bus, TimeSpan timeout, int count);

    [LoggerMessage(1001, LogLevel.Error, "The sweep of bus '{Bus}' failed; it is tried again at its next turn.")]
    public static partial void SweepFailed(ILogger logger, Exception exception, string bus);

    [LoggerMessage(1100, LogLevel.Warning, "Bus '{Bus}' is at its limit of {MaxCount} topics: the {Evicted} longest idle were closed with their history. Close topics that are done, or raise Topics.MaxCount.")]
    public static partial void TopicsEvicted(ILogger logger, string bus, int maxCount, int evicted);

    [LoggerMessage(1101, LogLevel.Error, "The event {Type} at {Cursor} cannot be written as '{Format}': readers of that format get a gap in its place.")]
    public static partial void Unencodable(ILogger logger, Exception exception, string type, string cursor, string format);

    [LoggerMessage(1200, LogLevel.Debug, "Subscription '{Subscription}' of topic '{Topic}' began: {Outcome}.")]
    public static partial void Subscribed(ILogger logger, string? subscription, string topic, ResumeOutcome outcome);

    [LoggerMessage(1201, LogLevel.Warning, "The reader of subscription '{Subscription}' is slow on topic '{Topic}': its channel is full. Until it has caught up it loses Normal events (gaps say so), or reads what it missed from history, as its options say.")]
    public static partial void SlowConsumer(ILogger logger, string? subscription, string topic);

    [LoggerMessage(1202, LogLevel.Debug, "Subscription '{Subscription}' of topic '{Topic}' ended: {Reason}; delivered {Delivered}, dropped {Dropped}, filtered {Filtered}.")]
    public static partial void Ended(ILogger logger, string? subscription, string topic, EndReason reason, long delivered, long dropped, long filtered);

    [LoggerMessage(1203, LogLevel.Warning, "Subscription '{Subscription}' of topic '{Topic}' ended: {Reason}; delivered {Delivered}, dropped {Dropped}, filtered {Filtered}.")]
    public static partial void EndedEarly(ILogger logger, Exception? exception, string? subscription, string topic, EndReason reason, long delivered, long dropped, long filtered);

    [LoggerMessage(1204, LogLevel.Information, "Subscription '{Subscription}' of topic '{Topic}' asks for {Types}, which the bus's catalog does not declare: it gets them only if they are published all the same.")]
    public static partial void UndeclaredTypes(ILogger logger, string? subscription, string topic, string types);

    [LoggerMessage(1205, LogLevel.Error, "The predicate of subscription '{Subscription}', which had ended, failed on {Type} at {Cursor}: what was left to read is discarded.")]
    public static partial void PredicateFailed(ILogger logger, Exception exception, string? subscription, string type, string cursor);

    [LoggerMessage(1300, LogLevel.Error, "The handler of subscription '{Subscription}' failed on {Type} at {Cursor}; policy: {Policy}.")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string? subscription, string type, string cursor, HandlerErrorPolicy policy);

    [LoggerMessage(1301, LogLevel.Warning, "The handler of subscription '{Subscription}' missed {Count} events: {Reason}.")]
    public static partial void HandlerMissed(ILogger logger, string? subscription, long count, GapReason reason);

    [LoggerMessage(1400, LogLevel.Error, "The sink of subscription '{Subscription}' failed.")]
    public static partial void SinkFailed(ILogger logger, Exception exception, string? subscription);

    [LoggerMessage(1401, LogLevel.Debug, "The sink of subscription '{Subscription}' could not be closed in an orderly way.")]
    public static partial void SinkCloseFailed(ILogger logger, Exception exception, string? subscription);
}
