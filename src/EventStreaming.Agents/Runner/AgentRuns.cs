using EventStreaming.Agents.Runner;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Agents;

/// <summary>
/// The runs at work in this process, by their ids, and those that ended lately. A run is started in the background and ends by itself, by its id, with its topic, or with the host:
/// never because someone who watched it, or asked for it, has gone.
/// </summary>
/// <remarks>Thread-safe. Statuses are snapshots. What ended is forgotten by count and by time.</remarks>
public sealed class AgentRuns : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly AgentRunsOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly Dictionary<string, RunEntry> _byId = new(StringComparer.Ordinal);
    private readonly List<RunEntry> _atWork = [];
    private readonly Queue<RunEntry> _ended = [];
    private bool _isStopping;

    /// <summary>Creates a registry.</summary>
    /// <param name="bus">Where runs are told; its catalog must have <see cref="AgentEvents.Catalog"/>.</param>
    /// <param name="options">How many runs there may be, and how often and how long each is tried; null for the defaults.</param>
    /// <param name="timeProvider">The clock of the runs, and by which ended ones are forgotten; null for the system's.</param>
    /// <param name="loggerFactory">What is logged to; null for nothing.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AgentRuns(IEventBus bus, AgentRunsOptions? options = null, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(bus);
        options ??= new AgentRunsOptions();
        if (AgentRunsOptionsValidator.Failures(options).FirstOrDefault() is { } failure)
        {
            throw new ArgumentException(failure, nameof(options));
        }

        Runner = new AgentRunner(bus, options.Runner, timeProvider, loggerFactory);
        _options = new AgentRunsOptions
        {
            MaxRuns = options.MaxRuns,
            MaxRunsPerTopic = options.MaxRunsPerTopic,
            MaxEndedRuns = options.MaxEndedRuns,
            EndedRunsFor = options.EndedRunsFor,
        };
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>What does the runs that are started without a runner of their own: as <see cref="AgentRunsOptions.Runner"/> says.</summary>
    public AgentRunner Runner { get; }

    /// <summary>How many runs are at work.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _atWork.Count;
            }
        }
    }

    /// <summary>Starts a run in the background. When this returns, its <c>run.start</c> has been told.</summary>
    /// <remarks>
    /// It takes no token on purpose: that of a request would end the run with the request. <see cref="AgentRunOptions.CancellationToken"/> stops the run, so do not
    /// give a request's there.
    /// </remarks>
    /// <param name="topic">The topic it is told in.</param>
    /// <param name="kind">What sort of run it is.</param>
    /// <param name="work">The work, given the run and its attempt's token; called once for each attempt.</param>
    /// <param name="options">More of the run; null for the defaults.</param>
    /// <param name="runner">What does it, a runner of the same bus; null for <see cref="Runner"/>.</param>
    /// <returns>Its id, or why it has not been started.</returns>
    /// <exception cref="ArgumentException">A name or an option is not as its documentation says, the bus does not know the event types, or the runner is another bus's.</exception>
    /// <exception cref="TopicLimitException">The topic is new and there is no room for another.</exception>
    /// <exception cref="ObjectDisposedException">The bus has been disposed.</exception>
    public AgentRunStart Start(
        string topic, string kind, Func<AgentRun, CancellationToken, Task> work, AgentRunOptions? options = null, AgentRunner? runner = null)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentException.ThrowIfNullOrEmpty(kind);
        ArgumentNullException.ThrowIfNull(work);
        runner ??= Runner;
        if (!ReferenceEquals(runner.Bus, Runner.Bus))
        {
            throw new ArgumentException(
                $"The runner tells its runs on another bus ('{runner.Bus.Name}') than the one of this registry ('{Runner.Bus.Name}'). Make it with this one, or start the run in that bus's registry.", nameof(runner));
        }

        var copy = AgentRunOptions.Read(options);
        copy.RunId ??= AgentRun.NewId();
        var entry = new RunEntry(copy.RunId, topic);
        var admission = TryAdd(entry);
        if (admission != AgentRunAdmission.Started)
        {
            entry.Dispose();
            return new AgentRunStart(admission, RunId: null);
        }

        RunAttempts attempts;
        try
        {
            attempts = runner.Begin(topic, kind, work, copy, entry.Stop);
        }
        catch
        {
            Remove(entry, isRemembered: false);
            throw;
        }

        entry.Begun(attempts);
        _ = Task.Run(() => WorkAsync(entry, runner, attempts), CancellationToken.None);
        return new AgentRunStart(AgentRunAdmission.Started, entry.RunId);
    }

    /// <summary>How a run stands; null when there is none of this id, or it is forgotten.</summary>
    /// <param name="runId">The run.</param>
    public AgentRunStatus? Find(string runId)
    {
        ArgumentNullException.ThrowIfNull(runId);
        return EntryOf(runId)?.Status;
    }

    /// <summary>The runs of a topic, those that ended lately first, then those at work, each in its order.</summary>
    /// <param name="topic">The topic; null for all.</param>
    public IReadOnlyList<AgentRunStatus> List(string? topic = null)
    {
        RunEntry[] entries;
        lock (_gate)
        {
            Forget();
            entries = [.. _ended.Concat(_atWork).Where(entry => topic is null || string.Equals(entry.Topic, topic, StringComparison.Ordinal))];
        }

        return [.. entries.Select(static entry => entry.Status).OfType<AgentRunStatus>()];
    }

    /// <summary>Tells a run to stop. It ends as cancelled as soon as its work does, at the latest after <see cref="AgentRunnerOptions.StopGrace"/>.</summary>
    /// <param name="runId">The run.</param>
    /// <returns>Whether it was at work.</returns>
    public bool Cancel(string runId)
    {
        ArgumentNullException.ThrowIfNull(runId);
        if (EntryOf(runId) is not { Ended.IsCompleted: false } entry)
        {
            return false;
        }

        entry.Cancel();
        return true;
    }

    /// <summary>Tells the runs of a topic to stop, and waits for their ends.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task CancelTopicAsync(string topic, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return Task.WhenAll(CancelAll(AtWork(topic)).Select(static entry => entry.Ended)).WaitAsync(cancellationToken);
    }

    /// <summary>Waits for a run's end.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Ends the wait, not the run.</param>
    /// <returns>How it ended; null when there is none of this id, or it is forgotten.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<AgentRunStatus?> WaitAsync(string runId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runId);
        return EntryOf(runId)?.Ended.WaitAsync(cancellationToken) ?? Task.FromResult<AgentRunStatus?>(null);
    }

    /// <summary>Lets no run begin any more, tells those at work to stop, in the order of their start, and waits for their ends.</summary>
    /// <param name="cancellationToken">Ends the wait: what is at work still is told as cancelled now, and waited for no longer.</param>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _isStopping = true;
        }

        var left = CancelAll(AtWork(topic: null));
        try
        {
            await Task.WhenAll(left.Select(static entry => entry.Ended)).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            foreach (var entry in left)
            {
                entry.Abandon();
            }
        }
    }

    /// <summary>As <see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private static RunEntry[] CancelAll(RunEntry[] entries)
    {
        foreach (var entry in entries)
        {
            entry.Cancel();
        }

        return entries;
    }

    private RunEntry[] AtWork(string? topic)
    {
        lock (_gate)
        {
            return [.. _atWork.Where(entry => topic is null || string.Equals(entry.Topic, topic, StringComparison.Ordinal))];
        }
    }

    private RunEntry? EntryOf(string runId)
    {
        lock (_gate)
        {
            Forget();
            return _byId.GetValueOrDefault(runId);
        }
    }

    private AgentRunAdmission TryAdd(RunEntry entry)
    {
        lock (_gate)
        {
            Forget();
            var admission = _isStopping ? AgentRunAdmission.Stopping
                : _byId.ContainsKey(entry.RunId) ? AgentRunAdmission.IdIsTaken
                : _atWork.Count >= _options.MaxRuns ? AgentRunAdmission.HostIsFull
                : _atWork.Count(other => string.Equals(other.Topic, entry.Topic, StringComparison.Ordinal)) >= _options.MaxRunsPerTopic ? AgentRunAdmission.TopicIsFull
                : AgentRunAdmission.Started;
            if (admission == AgentRunAdmission.Started)
            {
                _byId.Add(entry.RunId, entry);
                _atWork.Add(entry);
            }

            return admission;
        }
    }

    private async Task WorkAsync(RunEntry entry, AgentRunner runner, RunAttempts attempts)
    {
        try
        {
            await runner.ExecuteAsync(attempts).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Nobody awaits it: the run has told how it ended, and the runner has logged it.
        catch (Exception)
#pragma warning restore CA1031
        {
            // Its place is given back all the same.
        }

        Remove(entry, isRemembered: true);
    }

    private void Remove(RunEntry entry, bool isRemembered)
    {
        lock (_gate)
        {
            _atWork.Remove(entry);
            entry.End(_timeProvider.GetTimestamp());
            if (isRemembered)
            {
                _ended.Enqueue(entry);
            }
            else
            {
                _byId.Remove(entry.RunId);
            }

            Forget();
        }

        entry.Dispose();
    }

    /// <summary>Under the lock. Whenever anything is asked, so that no timer is needed: what is left in between is bounded by count.</summary>
    private void Forget()
    {
        while (_ended.TryPeek(out var oldest)
            && (_ended.Count > _options.MaxEndedRuns || _timeProvider.GetElapsedTime(oldest.EndedAt) >= _options.EndedRunsFor))
        {
            _ended.Dequeue();
            _byId.Remove(oldest.RunId);
        }
    }
}
