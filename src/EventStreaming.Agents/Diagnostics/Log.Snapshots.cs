using Microsoft.Extensions.Logging;

namespace EventStreaming.Agents;

/// <content>Snapshots: event ids from 4300.</content>
internal static partial class Log
{
    [LoggerMessage(4300, LogLevel.Warning, "The snapshots of bus '{Bus}' were interrupted: {Reason}. They are taken up again from what the topics hold; those that missed something say that they are truncated.")]
    public static partial void SnapshotsInterrupted(ILogger logger, Exception? exception, string bus, EndReason reason);

    [LoggerMessage(4301, LogLevel.Warning, "The snapshots of bus '{Bus}' wait: there is no room for their subscription. Raise MaxSubscriptions.")]
    public static partial void SnapshotsWait(ILogger logger, Exception exception, string bus);

    [LoggerMessage(4302, LogLevel.Debug, "The payload of '{Type}' in topic '{Topic}' at {Sequence} cannot be read. The snapshot goes without it.")]
    public static partial void PayloadUnreadable(ILogger logger, Exception exception, string type, string topic, long sequence);

    [LoggerMessage(4303, LogLevel.Error, "The sweep of the snapshots of bus '{Bus}' has failed.")]
    public static partial void SweepFailed(ILogger logger, Exception exception, string bus);
}
