using EventStreaming.Tests.Support;

namespace EventStreaming.Client.Tests.Support;

/// <summary>A clock that stands still until a test moves it, and tells when somebody has begun to wait: a test that moved it before would move it in vain.</summary>
internal sealed class ProbedTimeProvider : TimeProvider
{
    private readonly ManualTimeProvider _clock = new();
    private readonly Lock _gate = new();
    private readonly List<(TimeSpan Due, TaskCompletionSource Signal)> _waiting = [];

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public override long GetTimestamp() => _clock.GetTimestamp();

    public void Advance(TimeSpan by) => _clock.Advance(by);

    /// <inheritdoc cref="Signals.AdvanceUntilAsync"/>
    public Task AdvanceUntilAsync(TimeSpan step, Task happened) => _clock.AdvanceUntilAsync(step, happened);

    /// <summary>Completes when, from now on, a timer is set that is due after this time.</summary>
    public Task NextTimerAsync(TimeSpan due)
    {
        var signal = Signals.Create();
        lock (_gate)
        {
            _waiting.Add((due, signal));
        }

        return signal.Task.WithinSafetyAsync();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ProbedTimer(this, _clock.CreateTimer(callback, state, dueTime, period));
        Tell(dueTime);
        return timer;
    }

    private void Tell(TimeSpan due)
    {
        lock (_gate)
        {
            foreach (var waiting in _waiting.Where(waiting => waiting.Due == due).ToArray())
            {
                _waiting.Remove(waiting);
                waiting.Signal.SetResult();
            }
        }
    }

    private sealed class ProbedTimer(ProbedTimeProvider owner, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            owner.Tell(dueTime);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
