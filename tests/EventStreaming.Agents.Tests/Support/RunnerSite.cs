using EventStreaming.Tests.Support;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Agents.Tests.Support;

/// <summary>A runner on a recorded bus, with a clock that stands still.</summary>
internal sealed class RunnerSite : IAsyncDisposable
{
    private readonly AgentRunnerOptions _options;

    public RunnerSite(AgentRunnerOptions? options = null, ILoggerFactory? log = null)
    {
        _options = options ?? Untimed();
        Runner = new AgentRunner(Recorder.Bus, _options, Clock, log);
    }

    public ManualTimeProvider Clock { get; } = new();

    public RunRecorder Recorder { get; } = new();

    public AgentRunner Runner { get; }

    /// <summary>A registry whose runs are done as the runner does them.</summary>
    public AgentRuns CreateRuns(AgentRunsOptions? options = null)
    {
        options ??= new AgentRunsOptions();
        options.Runner = _options;
        return new AgentRuns(Recorder.Bus, options, Clock);
    }

    /// <summary>Waits until an event of a type has been published.</summary>
    public Task UntilToldAsync(string type) =>
        Recorder.Bus.WaitForAsync(RunRecorder.Topic, item => string.Equals(item.Type, type, StringComparison.Ordinal), EventCursor.Start).WithinSafetyAsync();

    /// <summary>Without timeouts: while the cores are busy, a test that moves the clock until something has happened may move it far.</summary>
    public static AgentRunnerOptions Untimed() => new() { AttemptTimeout = Timeout.InfiniteTimeSpan, TotalTimeout = Timeout.InfiniteTimeSpan };

    public ValueTask DisposeAsync() => Recorder.DisposeAsync();
}
