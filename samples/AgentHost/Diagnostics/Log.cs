namespace AgentHost.Diagnostics;

/// <summary>All log messages of the host. Streams and runs are logged by their packages. Event ids by area: 100 sessions.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Session '{Session}' was created.")]
    public static partial void SessionCreated(ILogger logger, string session);

    [LoggerMessage(101, LogLevel.Information, "Session '{Session}' was deleted, and with it {Runs} runs at work.")]
    public static partial void SessionDeleted(ILogger logger, string session, int runs);
}
