using EventStreaming.Tests.Support;

namespace EventStreaming.Agents.Tests.Support;

/// <summary>A bus that keeps whoever asks it for a topic waiting while the gate is closed: so its reader of all topics gets slow.</summary>
internal sealed class GatedBus(EventBus inner) : DelegatingBus(inner), IDisposable
{
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly TaskCompletionSource _waits = Signals.Create();

    /// <summary>Completes when someone waits at the gate.</summary>
    public Task Waits => _waits.Task.WithinSafetyAsync();

    public void Close() => _open.Reset();

    public void Open() => _open.Set();

    public override TopicInfo? FindTopic(string topic)
    {
        if (!_open.IsSet)
        {
            _waits.TrySetResult();
            _open.Wait();
        }

        return base.FindTopic(topic);
    }

    public void Dispose() => _open.Dispose();
}
