namespace AgentHost.Diagnostics;

/// <summary>All log messages of the host. Streams and runs are logged by their packages. Event ids by area: 100 sessions, 200 agents on other hosts.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Session '{Session}' was created.")]
    public static partial void SessionCreated(ILogger logger, string session);

    [LoggerMessage(101, LogLevel.Information, "Session '{Session}' was deleted, and with it {Runs} runs at work.")]
    public static partial void SessionDeleted(ILogger logger, string session, int runs);

    [LoggerMessage(200, LogLevel.Warning, "The task '{Task}' of {Host} is not wanted any more, and may still be at work there: {Reason}")]
    public static partial void TaskNotCancelled(ILogger logger, string task, Uri host, string reason);
}
