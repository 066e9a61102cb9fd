using EventStreaming.Tests.Support;

namespace EventStreaming.Client.Tests.Support;

/// <summary>A clock that stands still until a test moves it, whose timers ring a millisecond early, as the system's do now and then: they count in coarser steps than its timestamps.</summary>
internal sealed class HastyTimeProvider : TimeProvider
{
    public static readonly TimeSpan Haste = TimeSpan.FromMilliseconds(1);

    private readonly ManualTimeProvider _clock = new();

    public override long TimestampFrequency => _clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

    public override long GetTimestamp() => _clock.GetTimestamp();

    public void Advance(TimeSpan by) => _clock.Advance(by);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new HastyTimer(_clock.CreateTimer(callback, state, Early(dueTime), period));

    private static TimeSpan Early(TimeSpan due) => due > Haste ? due - Haste : due;

    private sealed class HastyTimer(ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Early(dueTime), period);

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
