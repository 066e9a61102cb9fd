using Microsoft.Extensions.Logging;

namespace EventStreaming;

/// <summary>
/// The host's logger, as everything here uses it: what it throws does not get out, be it on a publisher's thread, a timer's or a handler's.
/// </summary>
internal sealed class HostLogger(ILogger logger) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return logger.IsEnabled(logLevel);
        }
#pragma warning disable CA1031 // As for all that the host's code throws: reported, and without a closure for each message.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            HostCode.Report(exception);
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        HostCode.Run(
            static entry => entry.Logger.Log(entry.Level, entry.Id, entry.State, entry.Exception, entry.Formatter),
            (Logger: logger, Level: logLevel, Id: eventId, State: state, Exception: exception, Formatter: formatter));
}
