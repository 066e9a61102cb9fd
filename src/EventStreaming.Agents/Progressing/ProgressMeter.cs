using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents.Progressing;

/// <summary>How far one run is: never backwards, held back to a rate, with the time it will take still. All under the run's lock.</summary>
internal sealed class ProgressMeter(AgentRun run, AgentRunOptions options) : IDisposable
{
    private readonly StageTimes _stages = new(options.TimeProvider);
    private ITimer? _timer;
    private Progress? _told;
    private Progress? _held;
    private long _toldAt;

    private TimeProvider Clock => options.TimeProvider;

    public void Report(double fraction, string? stage, string? message, long? current, long? total, TimeSpan? eta)
    {
        var before = _held ?? _told;
        var report = new Progress(
            stage ?? before?.Stage ?? run.Kind, Math.Max(before?.Fraction ?? 0, Math.Clamp(fraction, 0, 1)), message, current, total, eta);
        var isNewStage = !string.Equals(before?.Stage, report.Stage, StringComparison.Ordinal);
        if (isNewStage)
        {
            // What is held back is the last word of the stage before.
            TellHeld();
            _stages.Enter(report.Stage);
        }

        if (isNewStage || (report.Fraction >= 1 && _told?.Fraction < 1) || Clock.GetElapsedTime(_toldAt) >= options.ProgressInterval)
        {
            Tell(report);
        }
        else if (_held is not null || report != _told! with { Eta = report.Eta })
        {
            Hold(report);
        }
    }

    /// <summary>The run ends: what is held back is told, and what was learned of how long it takes is kept.</summary>
    public void Flush(RunEnd end)
    {
        if (_held is { } held)
        {
            _held = null;
            run.TryEmit(AgentEvents.Progress, WithEta(held));
        }

        if (end is { Error: null, Outcome: RunOutcome.Success })
        {
            _stages.Teach(run.Durations, run.Kind);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Hold(Progress report)
    {
        if (_held is null)
        {
            Arm(options.ProgressInterval - Clock.GetElapsedTime(_toldAt));
        }

        _held = report;
    }

    private void Arm(TimeSpan due)
    {
        if (_timer is not null)
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
            return;
        }

        // Without this the timer would keep the flow of control that happened to report first, with all that is ambient there.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = Clock.CreateTimer(static state => ((ProgressMeter)state!).OnTimer(), this, due, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        lock (run.Gate)
        {
            if (!run.IsEnded && _held is { } held)
            {
                _held = null;
                if (run.TryEmit(AgentEvents.Progress, WithEta(held)))
                {
                    Note(held);
                }
            }
        }
    }

    private void TellHeld()
    {
        if (_held is { } held)
        {
            Tell(held);
        }
    }

    private void Tell(Progress report)
    {
        run.Emit(AgentEvents.Progress, WithEta(report));
        _held = null;
        Note(report);
    }

    private void Note(Progress report)
    {
        _told = report;
        _toldAt = Clock.GetTimestamp();
    }

    private Progress WithEta(Progress report) =>
        report.Eta is null ? report with { Eta = _stages.Estimate(run.Durations, run.Kind, report.Fraction) } : report;
}
