namespace EventStreaming.Agents.Tests.Support;

/// <summary>A bus whose sessions' snapshots are known, and the wait for them to have caught up.</summary>
internal sealed class SnapshotBus : IAsyncDisposable
{
    public const string Topic = "session-1";

    public SnapshotBus(SessionSnapshotsOptions? options = null, EventStreamingOptions? busOptions = null, TimeProvider? timeProvider = null)
    {
        Bus = new EventBus(busOptions ?? new EventStreamingOptions { History = { Capacity = 1 << 20, MaxBytes = 1L << 30 } }, AgentEvents.Catalog, timeProvider);
        Snapshots = new SessionSnapshots(Bus, options, timeProvider);
    }

    public EventBus Bus { get; }

    public SessionSnapshots Snapshots { get; }

    public StreamEvent Publish<TData>(EventTypeDescriptor<TData> type, TData data, string? runId = "run-1", string? source = null, string topic = Topic) =>
        Bus.Publish(topic, type.Draft(data) with { RunId = runId, Source = source });

    /// <summary>The snapshot once everything that has been published is in it.</summary>
    public async Task<SessionSnapshot> CurrentAsync(string topic = Topic)
    {
        var head = Bus.FindTopic(topic)?.Head ?? throw new InvalidOperationException("Nothing was published.");
        return await UntilAsync(topic, snapshot => snapshot.Cursor == head);
    }

    public async Task<SessionSnapshot> UntilAsync(string topic, Func<SessionSnapshot, bool> condition)
    {
        SessionSnapshot? found = null;
        await Eventually.IsAsync(() => (found = Snapshots.Find(topic)) is not null && condition(found));
        return found!; // It is there.
    }

    public async ValueTask DisposeAsync()
    {
        await Snapshots.DisposeAsync();
        await Bus.DisposeAsync();
    }
}
