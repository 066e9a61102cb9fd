namespace EventStreaming.Tests.Support;

/// <summary>
/// A clock that stands still until a test moves it. <see cref="Advance"/> moves both clocks and fires the timers that fall due, in
/// order, on the caller's thread; <see cref="StepWallClock"/> moves the wall clock alone, as an administrator or NTP does.
/// </summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _utcNow = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _timestamp = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>What happens while a timer is made, with the time until it is due.</summary>
    public Action<TimeSpan>? OnCreateTimer { get; set; }

    /// <summary>How many timers will fire.</summary>
    public int PendingTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _utcNow;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _timestamp;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        OnCreateTimer?.Invoke(dueTime);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void StepWallClock(TimeSpan by)
    {
        lock (_gate)
        {
            _utcNow += by;
        }
    }

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long end;
        lock (_gate)
        {
            end = _timestamp + by.Ticks;
        }

        while (true)
        {
            ManualTimer? next;
            lock (_gate)
            {
                next = _timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
                var to = next is null ? end : Math.Max(_timestamp, next.DueAt);
                _utcNow += TimeSpan.FromTicks(to - _timestamp);
                _timestamp = to;
                next?.Reschedule(to);
            }

            if (next is null)
            {
                return;
            }

            next.Fire();
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public long DueAt { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                _period = period;
                DueAt = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock._timestamp + dueTime.Ticks;
                clock._timers.Remove(this);
                if (DueAt != long.MaxValue)
                {
                    clock._timers.Add(this);
                }

                return true;
            }
        }

        public void Reschedule(long now)
        {
            if (_period > TimeSpan.Zero)
            {
                DueAt = now + _period.Ticks;
            }
            else
            {
                DueAt = long.MaxValue;
                clock._timers.Remove(this);
            }
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
