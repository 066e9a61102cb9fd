using EventStreaming.Tests.Support;

namespace EventStreaming.Faults.Tests.Support;

/// <summary>How far a reader has got, for a publisher that shall not run away from it.</summary>
internal sealed class Progress
{
    private readonly Lock _gate = new();
    private (long Value, TaskCompletionSource Signal)? _waiting;
    private long _value;

    public long Value => Volatile.Read(ref _value);

    /// <summary>Completes when it has got as far as this. One waits at a time.</summary>
    public Task UntilAsync(long value)
    {
        lock (_gate)
        {
            if (_value >= value)
            {
                return Task.CompletedTask;
            }

            var signal = Signals.Create();
            _waiting = (value, signal);
            return signal.Task.WithinSafetyAsync();
        }
    }

    public void Advance(long value)
    {
        lock (_gate)
        {
            Volatile.Write(ref _value, value);
            if (_waiting is { } waiting && value >= waiting.Value)
            {
                _waiting = null;
                waiting.Signal.SetResult();
            }
        }
    }
}
