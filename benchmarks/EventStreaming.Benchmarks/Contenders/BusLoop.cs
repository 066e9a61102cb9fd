namespace EventStreaming.Benchmarks.Contenders;

/// <summary>Ours: publishes to one topic and drains its subscriptions.</summary>
internal sealed class BusLoop : Contender
{
    private readonly EventBus _bus = new();
    private readonly EventSubscription[] _readers;

    /// <param name="readers">How many subscriptions there are to the topic.</param>
    /// <param name="otherTopics">How many other topics exist beside it, each with one event.</param>
    public BusLoop(int readers, int otherTopics = 0)
    {
        _readers = [.. Enumerable.Range(0, readers).Select(_ => _bus.Subscribe(Payload.Topic))];
        for (var i = 0; i < otherTopics; i++)
        {
            _bus.Publish($"other-{i}", Payload.Type, Payload.Shared);
        }
    }

    protected override int ReadsPerBatch => BatchSize * _readers.Length;

    public override int RunBatch()
    {
        for (var i = 0; i < BatchSize; i++)
        {
            _bus.Publish(Payload.Topic, Payload.Type, Payload.Shared);
        }

        return Drain(_readers);
    }

    public override ValueTask DisposeAsync() => _bus.DisposeAsync();

    internal static int Drain(ReadOnlySpan<EventSubscription> readers)
    {
        var read = 0;
        foreach (var reader in readers)
        {
            while (reader.TryRead(out _))
            {
                read++;
            }
        }

        return read;
    }
}
