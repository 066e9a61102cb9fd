namespace EventStreaming.Agents.Progressing;

/// <summary>How far one run is: never backwards, held back to a rate, with the time it will take still. All under the run's lock.</summary>
internal sealed class ProgressMeter(AgentRun run, AgentRunOptions options) : ReportThrottle<Progress>(run)
{
    private readonly StageTimes _stages = new(options.TimeProvider);

    /// <remarks>With <c>isEnd</c>, a part of the work ends whose end does not wait.</remarks>
    public void Report(double fraction, string? stage, string? message, long? current, long? total, TimeSpan? eta, bool isEnd)
    {
        var before = Newest;
        var report = new Progress(
            stage ?? before?.Stage ?? Run.Kind, Math.Max(before?.Fraction ?? 0, Math.Clamp(fraction, 0, 1)), message, current, total, eta);
        var isNewStage = !string.Equals(before?.Stage, report.Stage, StringComparison.Ordinal);
        if (isNewStage)
        {
            // What is held back is the last word of the stage before. Not refused here: that would be said of the wrong report.
            Flush();
            _stages.Enter(report.Stage);
        }

        Report(report, isNewStage || ((isEnd || report.Fraction >= 1) && Published?.Fraction < report.Fraction));
    }

    /// <summary>Publishes again what was published last.</summary>
    public void Retell()
    {
        if (Published is { } published)
        {
            Run.TrySend(AgentEvents.Progress, WithEta(published));
        }
    }

    /// <summary>The run has ended.</summary>
    /// <param name="isDone">Whether it did all of its work, so that something is to be learned of how long that takes.</param>
    public void End(bool isDone)
    {
        Stop();
        if (isDone)
        {
            _stages.Teach(Run.Durations, Run.Kind);
        }
    }

    protected override void Publish(Progress report) => Run.Emit(AgentEvents.Progress, WithEta(report));

    protected override Progress WithoutMessage(Progress report) => report with { Message = null };

    private Progress WithEta(Progress report) =>
        report.Eta is null ? report with { Eta = _stages.Estimate(Run.Durations, Run.Kind, report.Fraction) } : report;
}
