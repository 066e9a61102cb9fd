using Microsoft.Extensions.Logging;

namespace EventStreaming.Agents;

/// <summary>All log messages of the package, in one file (their generator orders several as it likes, and no build would repeat another). Event ids by area: 4000 runs, 4100 chat clients, 4300 snapshots. There are no payloads in them.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Information, "Run {RunId} ({Kind}) in topic '{Topic}' started.")]
    public static partial void RunStarted(ILogger logger, string runId, string kind, string topic);

    [LoggerMessage(4001, LogLevel.Information, "Run {RunId} ({Kind}) in topic '{Topic}' ended: {State}, after {Attempts} attempts and {Duration}.")]
    public static partial void RunEnded(ILogger logger, string runId, string kind, string topic, RunState state, int attempts, TimeSpan duration);

    [LoggerMessage(4002, LogLevel.Error, "Run {RunId} ({Kind}) in topic '{Topic}' failed, after {Attempts} attempts and {Duration}.")]
    public static partial void RunFailed(ILogger logger, Exception exception, string runId, string kind, string topic, int attempts, TimeSpan duration);

    [LoggerMessage(4003, LogLevel.Warning, "Attempt {Attempt} of run {RunId} ({Kind}) in topic '{Topic}' failed; the next one is made in {Delay}.")]
    public static partial void AttemptFailed(ILogger logger, Exception exception, int attempt, string runId, string kind, string topic, TimeSpan delay);

    [LoggerMessage(4004, LogLevel.Warning, "The work of run {RunId} ({Kind}) in topic '{Topic}' has not stopped within {Grace} of being told to: the run is ended without it. Let the work look at its token.")]
    public static partial void WorkAbandoned(ILogger logger, string runId, string kind, string topic, TimeSpan grace);

    [LoggerMessage(4005, LogLevel.Warning, "The work of run {RunId}, which was ended without it, has failed.")]
    public static partial void AbandonedWorkFailed(ILogger logger, Exception exception, string runId);

    [LoggerMessage(4006, LogLevel.Error, "ShouldRetry or GetRetryAfter threw after attempt {Attempt} of run {RunId}: it is not tried again.")]
    public static partial void RetryUndecided(ILogger logger, Exception exception, int attempt, string runId);

    [LoggerMessage(4100, LogLevel.Debug, "The rest of a model's response is not told in run {RunId}: it cannot be published.")]
    public static partial void ResponseNotPublished(ILogger logger, Exception exception, string runId);

    [LoggerMessage(4101, LogLevel.Debug, "A model is asked where there is no run, so what it says is not told: start one with StartRun, or set EventStreamingChatOptions.Run. This is said once for a client.")]
    public static partial void NoCurrentRun(ILogger logger);

    [LoggerMessage(4300, LogLevel.Warning, "The snapshots of bus '{Bus}' were interrupted: {Reason}. They are taken up again from what the topics hold; those that missed something say that they are truncated.")]
    public static partial void SnapshotsInterrupted(ILogger logger, Exception? exception, string bus, EndReason reason);

    [LoggerMessage(4301, LogLevel.Warning, "The snapshots of bus '{Bus}' wait: there is no room for their subscription. Raise MaxSubscriptions.")]
    public static partial void SnapshotsWait(ILogger logger, Exception exception, string bus);

    [LoggerMessage(4302, LogLevel.Debug, "The payload of '{Type}' in topic '{Topic}' at {Sequence} cannot be read. The snapshot goes without it.")]
    public static partial void PayloadUnreadable(ILogger logger, Exception exception, string type, string topic, long sequence);

    [LoggerMessage(4303, LogLevel.Error, "The sweep of the snapshots of bus '{Bus}' has failed.")]
    public static partial void SweepFailed(ILogger logger, Exception exception, string bus);
}
