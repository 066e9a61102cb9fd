namespace EventStreaming.Benchmarks.Contenders;

/// <summary>A new reader takes all that a topic holds: subscribes from the start, reads to the end, disposes. An operation is one event read.</summary>
internal sealed class ReplayLoop : Contender
{
    public const int HistorySize = 1_000;

    private readonly EventBus _bus = new();

    public ReplayLoop()
    {
        for (var i = 0; i < HistorySize; i++)
        {
            _bus.Publish(Payload.Topic, Payload.Type, Payload.Shared);
        }
    }

    public override int OperationsPerBatch => HistorySize;

    protected override int ReadsPerBatch => HistorySize;

    public override int RunBatch()
    {
        var reader = _bus.Subscribe(Payload.Topic, EventCursor.Start);
        var read = BusLoop.Drain([reader]);

        // Complete when it returns: disposing a subscription waits for nothing.
        _ = reader.DisposeAsync().AsTask();
        return read;
    }

    public override ValueTask DisposeAsync() => _bus.DisposeAsync();
}
