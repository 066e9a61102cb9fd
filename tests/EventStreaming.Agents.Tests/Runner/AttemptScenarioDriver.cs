using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;

namespace EventStreaming.Agents.Tests.Runner;

/// <summary>Plays a scenario on a clock that only it moves, and says what was not as it should be.</summary>
internal sealed class AttemptScenarioDriver(AttemptScenario scenario) : IAsyncDisposable
{
    private readonly RunnerSite _site = new(scenario.Options);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource[] _entered = [.. scenario.Attempts.Select(static _ => Signals.Create())];
    private readonly TaskCompletionSource[] _released = [.. scenario.Attempts.Select(static _ => Signals.Create())];
    private readonly TaskCompletionSource _isOver = Signals.Create();
    private readonly List<string> _faults = [];
    private volatile AgentRun? _run;
    private volatile bool _isStopped;
    private int _attempts;

    /// <returns>What was wrong; empty when nothing was.</returns>
    public async Task<IReadOnlyList<string>> PlayAsync()
    {
        await using var runs = _site.CreateRuns();
        if (scenario.Place == StopPlace.Before)
        {
            await _stop.CancelAsync();
            _isStopped = true;
        }

        var id = runs.Start(RunRecorder.Topic, "index", AttemptAsync, new AgentRunOptions { CancellationToken = _stop.Token }).RunId!;
        var ended = runs.WaitAsync(id);
        for (var attempt = 1; attempt <= scenario.Attempts.Count; attempt++)
        {
            await AdvanceUntilAnyAsync(ended, _entered[attempt - 1].Task);
            if (!_entered[attempt - 1].Task.IsCompleted)
            {
                break;
            }

            var isHere = attempt == scenario.StopAt;
            if (isHere && scenario.Place == StopPlace.Within)
            {
                await StopAsync(runs, id);
            }

            _released[attempt - 1].TrySetResult();
            await PassAsync(scenario.Attempts[attempt - 1], ended, UntilToldAsync(attempt));
            if (isHere && scenario.Place == StopPlace.Between && !ended.IsCompleted)
            {
                await StopAsync(runs, id);
            }
        }

        await AdvanceUntilAnyAsync(ended);
        Check((await ended)!);
        _isOver.TrySetResult();
        return _faults;
    }

    public async ValueTask DisposeAsync()
    {
        _isOver.TrySetResult();
        await _site.DisposeAsync();
        _stop.Dispose();
    }

    private async Task AttemptAsync(AgentRun run, CancellationToken cancellationToken)
    {
        _run = run;
        var attempt = Interlocked.Increment(ref _attempts);
        if (_isStopped)
        {
            Fault($"attempt {attempt} begins though the run was stopped");
        }

        if (attempt != run.Attempt || attempt > scenario.Options.MaxAttempts)
        {
            Fault($"attempt {attempt} is told as {run.Attempt}");
            return;
        }

        _entered[attempt - 1].TrySetResult();
        await _released[attempt - 1].Task;
        switch (scenario.Attempts[attempt - 1])
        {
            case AttemptOutcome.Success:
                return;
            case AttemptOutcome.Capacity:
                throw new CapacityException();
            case AttemptOutcome.CapacityWithRetryAfter:
                throw new CapacityException("full", TimeSpan.FromSeconds(30));
            case AttemptOutcome.CapacityForTooLong:
                throw new CapacityException("full", TimeSpan.FromHours(1));
            case AttemptOutcome.Hang:
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return;
            case AttemptOutcome.Ignore:
                await _isOver.Task;
                return;
            default:
                throw new IOException("x");
        }
    }

    /// <summary>Until an attempt is over. The clock is moved for those alone that need it, as others would be seen too late.</summary>
    private async Task PassAsync(AttemptOutcome outcome, Task ended, Task told)
    {
        if (outcome is AttemptOutcome.Hang or AttemptOutcome.Ignore)
        {
            _site.Clock.Advance(scenario.Options.AttemptTimeout);
        }

        if (outcome == AttemptOutcome.Ignore)
        {
            await AdvanceUntilAnyAsync(ended, told);
        }
        else
        {
            await Task.WhenAny(ended, told).WithinSafetyAsync();
        }
    }

    /// <summary>Tells it to stop, and goes on when its token says so: from then on no attempt may begin.</summary>
    private async Task StopAsync(AgentRuns runs, string id)
    {
        var run = _run!;
        var heard = Signals.Create();
        using var registration = run.CancellationToken.Register(() => heard.TrySetResult());
        switch (scenario.Way)
        {
            case StopWay.ById:
                runs.Cancel(id);
                break;
            case StopWay.ByTopic:
                _ = runs.CancelTopicAsync(RunRecorder.Topic);
                break;
            case StopWay.ByTheHost:
                _ = runs.StopAsync();
                break;
            case StopWay.ByItsToken:
                await _stop.CancelAsync();
                break;
            default:
                try
                {
                    run.Cancel();
                }
                catch (InvalidOperationException)
                {
                    // It has ended meanwhile.
                }

                break;
        }

        await Task.WhenAny(heard.Task, runs.WaitAsync(id)).WithinSafetyAsync();
        _isStopped = true;
    }

    /// <summary>Until it is told that an attempt has failed and another one follows.</summary>
    private async Task UntilToldAsync(int attempt)
    {
        var told = 0;
        await _site.Recorder.Bus.WaitForAsync(RunRecorder.Topic, item => item.Data is Status && ++told == attempt, EventCursor.Start).WithinSafetyAsync();
    }

    private Task AdvanceUntilAnyAsync(params Task[] tasks) => _site.Clock.AdvanceUntilAsync(TimeSpan.FromMilliseconds(500), Task.WhenAny(tasks));

    private void Check(AgentRunStatus status)
    {
        var events = _site.Recorder.Events;
        foreach (var fault in RunAudit.Check(events))
        {
            Fault(fault);
        }

        var attempts = Volatile.Read(ref _attempts);
        var told = events.Count(static item => item.Data is Status);
        var state = events[^1].Data switch
        {
            AgentError => RunState.Failed,
            RunCompleted { Outcome: RunOutcome.Cancelled } => RunState.Cancelled,
            _ => RunState.Succeeded,
        };
        if (attempts > scenario.Options.MaxAttempts || told > scenario.Options.MaxAttempts - 1 || attempts > told + 1)
        {
            Fault($"{attempts} attempts, of which {told} are told");
        }

        if (status.State != state || status.Attempt != told + 1 || !status.IsEnded || status.NextAttemptAt is not null || status.Error != events[^1].Data as AgentError)
        {
            Fault($"the registry says {status}, and the events {state} after {told + 1}");
        }

        if (scenario.Place == StopPlace.Before && (attempts > 0 || state != RunState.Cancelled))
        {
            Fault($"stopped before it began, it is {state} after {attempts}");
        }

        if (scenario.Expect() is { } expected && expected != (state, attempts))
        {
            Fault($"it is {(state, attempts)} and should be {expected}");
        }
    }

    private void Fault(string fault)
    {
        lock (_faults)
        {
            _faults.Add(fault);
        }
    }
}
