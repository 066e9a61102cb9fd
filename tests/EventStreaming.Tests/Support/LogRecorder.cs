using Microsoft.Extensions.Logging;

namespace EventStreaming.Tests.Support;

/// <summary>Keeps what is logged, for a bus of its own or as a host's provider.</summary>
internal sealed class LogRecorder : ILoggerFactory, ILoggerProvider, ILogger
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private readonly List<(Func<IReadOnlyList<Entry>, bool> Condition, TaskCompletionSource Signal)> _waiting = [];

    /// <summary>Whether it has a bug: it throws what it has been told.</summary>
    public bool Throws { get; init; }

    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    public IReadOnlyList<Entry> Of(int id) => [.. Entries.Where(entry => entry.Id == id)];

    public Task UntilAsync(int id, int count = 1)
    {
        lock (_gate)
        {
            var signal = Signals.Create();
            _waiting.Add((entries => entries.Count(entry => entry.Id == id) >= count, signal));
            Tell();
            return signal.Task.WithinSafetyAsync();
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
        {
            _entries.Add(new Entry(eventId.Id, logLevel, formatter(state, exception), exception));
            Tell();
        }

        if (Throws)
        {
            throw new InvalidOperationException("A bug in the logger.");
        }
    }

    public void Dispose()
    {
        // What was logged is asked for after the host is gone.
    }

    private void Tell()
    {
        foreach (var (_, signal) in _waiting.Where(waiting => waiting.Condition(_entries)))
        {
            signal.TrySetResult();
        }
    }

    internal sealed record Entry(int Id, LogLevel Level, string Message, Exception? Exception);
}
