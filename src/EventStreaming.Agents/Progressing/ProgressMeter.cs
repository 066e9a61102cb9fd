namespace EventStreaming.Agents.Progressing;

/// <summary>How far one run is: never backwards, held back to a rate, with the time it will take still. All under the run's lock.</summary>
internal sealed class ProgressMeter(AgentRun run, AgentRunOptions options)
{
    private readonly StageTimes _stages = new(options.TimeProvider);
    private ITimer? _timer;
    private Progress? _told;
    private Progress? _held;
    private long _toldAt;

    private TimeProvider Clock => options.TimeProvider;

    /// <summary>How long it is until another report may be told. Nothing after a clock has stepped back: it may be any time until it is there again.</summary>
    private TimeSpan Wait => Clock.GetElapsedTime(_toldAt) is var elapsed && elapsed >= TimeSpan.Zero ? options.ProgressInterval - elapsed : TimeSpan.Zero;

    public void Report(double fraction, string? stage, string? message, long? current, long? total, TimeSpan? eta)
    {
        var before = _held ?? _told;
        var report = new Progress(
            stage ?? before?.Stage ?? run.Kind, Math.Max(before?.Fraction ?? 0, Math.Clamp(fraction, 0, 1)), message, current, total, eta);
        var isNewStage = !string.Equals(before?.Stage, report.Stage, StringComparison.Ordinal);
        if (isNewStage)
        {
            // What is held back is the last word of the stage before. Not refused here: that would be said of the wrong report.
            Flush();
            _stages.Enter(report.Stage);
        }

        if (isNewStage || (report.Fraction >= 1 && _told?.Fraction < 1) || Wait <= TimeSpan.Zero)
        {
            Tell(report);
        }
        else if (_held is not null || report != _told)
        {
            Hold(report);
        }
    }

    /// <summary>Tells what is held back, if the bus takes it: what is too large, without its words.</summary>
    public void Flush()
    {
        if (_held is { } held)
        {
            _held = null;
            if (run.TryEmit(AgentEvents.Progress, WithEta(held)) || run.TryEmit(AgentEvents.Progress, WithEta(held with { Message = null })))
            {
                Note(held);
            }
        }
    }

    /// <summary>Tells again what was told last.</summary>
    public void Retell()
    {
        if (_told is { } told)
        {
            run.TrySend(AgentEvents.Progress, WithEta(told));
        }
    }

    /// <summary>The run has ended.</summary>
    /// <param name="isDone">Whether it did all of its work, so that something is to be learned of how long that takes.</param>
    public void End(bool isDone)
    {
        _timer?.Dispose();
        if (isDone)
        {
            _stages.Teach(run.Durations, run.Kind);
        }
    }

    private void Hold(Progress report)
    {
        if (_held is null)
        {
            var due = Wait;
            Arm(due > TimeSpan.Zero ? due : TimeSpan.Zero);
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

        // Not kept with it: the flow of control that happened to report first, with all that is ambient there.
        using var flow = ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow();
        _timer = Clock.CreateTimer(static state => ((ProgressMeter)state!).OnTimer(), this, due, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (run.Gate)
        {
            if (!run.IsEnded)
            {
                Flush();
            }
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
