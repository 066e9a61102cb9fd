using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents.Progressing;

/// <summary>
/// Publishes reports of how far something is, at most one in <see cref="AgentRunOptions.ProgressInterval"/>. What comes between is held back, and the newest of it is published when the
/// time is over, or when it is flushed. All under the run's lock.
/// </summary>
/// <typeparam name="TReport">The payload. Equal ones say the same.</typeparam>
internal abstract class ReportThrottle<TReport>(AgentRun run)
    where TReport : class
{
    private ITimer? _timer;
    private TReport? _held;
    private long _publishedAt;

    protected AgentRun Run { get; } = run;

    /// <summary>What was published last.</summary>
    protected TReport? Published { get; private set; }

    /// <summary>What was reported last, published or not.</summary>
    protected TReport? Newest => _held ?? Published;

    /// <summary>How long it is until another report may be published. Nothing after a clock has stepped back: it may be any time until it is there again.</summary>
    private TimeSpan Wait => Run.TimeProvider.GetElapsedTime(_publishedAt) is var elapsed && elapsed >= TimeSpan.Zero ? Run.Options.ProgressInterval - elapsed : TimeSpan.Zero;

    /// <summary>Publishes what is held back, if the bus takes it: what is too large, without its words.</summary>
    public void Flush()
    {
        if (_held is not { } held)
        {
            return;
        }

        _held = null;
        if (TryPublish(held) || TryPublish(WithoutMessage(held)))
        {
            Note(held);
        }
    }

    /// <summary>There will be no more.</summary>
    public void Stop()
    {
        _held = null;
        _timer?.Dispose();
    }

    protected void Report(TReport report, bool atOnce)
    {
        if (atOnce || Published is null || Wait <= TimeSpan.Zero)
        {
            Publish(report);
            _held = null;
            Note(report);
        }
        else if (_held is not null || !report.Equals(Published))
        {
            Hold(report);
        }
    }

    /// <exception cref="ArgumentException">It is too large for the bus.</exception>
    protected abstract void Publish(TReport report);

    protected abstract TReport WithoutMessage(TReport report);

    private bool TryPublish(TReport report)
    {
        try
        {
            Publish(report);
            return true;
        }
        catch (Exception exception) when (Refusal.Is(exception))
        {
            return false;
        }
    }

    private void Note(TReport report)
    {
        Published = report;
        _publishedAt = Run.TimeProvider.GetTimestamp();
    }

    private void Hold(TReport report)
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
        _timer = Run.TimeProvider.CreateTimer(static state => ((ReportThrottle<TReport>)state!).OnTimer(), this, due, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (Run.Gate)
        {
            // Nothing is held when it was stopped while this waited for the lock.
            Flush();
        }
    }
}
