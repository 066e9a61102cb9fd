namespace EventStreaming.Benchmarks.Contenders;

/// <summary>Ours: publishes to one topic and drains its subscriptions.</summary>
internal sealed class BusLoop : Contender
{
    [ThreadStatic]
    private static StreamEvent[]? s_buffer;

    private readonly EventBus _bus = new();
    private readonly EventSubscription[] _readers;
    private readonly bool _oneByOne;

    /// <param name="readers">How many subscriptions there are to the topic.</param>
    /// <param name="otherTopics">How many other topics exist beside it, each with one event.</param>
    /// <param name="oneByOne">Whether they are drained one event at a time instead of in batches.</param>
    public BusLoop(int readers, int otherTopics = 0, bool oneByOne = false)
    {
        _oneByOne = oneByOne;
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

        return _oneByOne ? DrainOneByOne(_readers) : Drain(_readers);
    }

    public override ValueTask DisposeAsync() => _bus.DisposeAsync();

    internal static int Drain(ReadOnlySpan<EventSubscription> readers)
    {
        // One for all readers, as a pump rents one for each write.
        var buffer = s_buffer ??= new StreamEvent[BatchSize];
        var read = 0;
        foreach (var reader in readers)
        {
            int count;
            while ((count = reader.Read(buffer)) > 0)
            {
                read += count;
            }
        }

        return read;
    }

    private static int DrainOneByOne(ReadOnlySpan<EventSubscription> readers)
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
