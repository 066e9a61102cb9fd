namespace AgentHost.Diagnostics;

/// <summary>All log messages of the host. Streams are logged by their package. Event ids by area: 100 sessions, 200 runs.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Session '{Session}' was created.")]
    public static partial void SessionCreated(ILogger logger, string session);

    [LoggerMessage(101, LogLevel.Information, "Session '{Session}' was deleted, and with it {Runs} runs at work.")]
    public static partial void SessionDeleted(ILogger logger, string session, int runs);

    [LoggerMessage(200, LogLevel.Information, "Run {Run} ({Kind}) of session '{Session}' started.")]
    public static partial void RunStarted(ILogger logger, string run, string kind, string session);

    [LoggerMessage(201, LogLevel.Information, "Run {Run} of session '{Session}' ended; cancelled: {Cancelled}.")]
    public static partial void RunEnded(ILogger logger, string run, string session, bool cancelled);

    [LoggerMessage(202, LogLevel.Error, "Run {Run} of session '{Session}' failed without telling its viewers.")]
    public static partial void RunFailed(ILogger logger, string run, string session, Exception exception);
}
