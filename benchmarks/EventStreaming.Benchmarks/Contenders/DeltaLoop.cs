using EventStreaming.Agents;

namespace EventStreaming.Benchmarks.Contenders;

/// <summary>Pieces of a message's text, published, drained and encoded for the wire: by the emitter, or by hand as raw events.</summary>
internal sealed class DeltaLoop : Contender
{
    private const string Text = "a token ";

    private readonly EventBus _bus = new(catalog: AgentEvents.Catalog);
    private readonly JsonEventEncoder _encoder = new();
    private readonly StreamEvent[] _buffer = new StreamEvent[BatchSize];
    private readonly EventSubscription _reader;
    private readonly AgentRun? _run;
    private readonly AgentMessage? _message;
    private readonly string? _runId;
    private readonly string? _source;
    private long _bytes;

    /// <param name="emitted">Whether the emitter does it; else it is done by hand.</param>
    /// <param name="attributed">Whether raw events say whose they are, as the emitter's do.</param>
    public DeltaLoop(bool emitted, bool attributed = true)
    {
        if (emitted)
        {
            _run = _bus.StartRun(Payload.Topic, "chat", new AgentRunOptions { Source = "queen" });
            _message = _run.StartMessage();
        }

        (_runId, _source) = attributed ? (Guid.CreateVersion7().ToString("N"), "queen") : (null, null);

        // What a long message has beside its deltas, when it goes on as another, is part of what it costs, but not of what is counted.
        _reader = _bus.Subscribe(new SubscriptionOptions { Topic = Payload.Topic, Types = [AgentEvents.MessageDelta.Name] });
    }

    protected override int ReadsPerBatch => BatchSize;

    public override int RunBatch()
    {
        for (var i = 0; i < BatchSize; i++)
        {
            if (_message is not null)
            {
                _message.Append(Text);
            }
            else
            {
                _bus.Publish(Payload.Topic, AgentEvents.MessageDelta.Draft(new MessageDelta("0198d6a2f3f07c4e8b1a2c3d4e5f6071", Text)) with { RunId = _runId, Source = _source });
            }
        }

        var read = 0;
        int count;
        while ((count = _reader.Read(_buffer)) > 0)
        {
            read += count;
            for (var i = 0; i < count; i++)
            {
                _bytes += _encoder.GetBytes(_buffer[i]).Length;
            }
        }

        return read;
    }

    public override void Verify()
    {
        if (_bytes == 0)
        {
            throw new InvalidOperationException("Nothing was encoded.");
        }
    }

    public override ValueTask DisposeAsync()
    {
        _run?.Dispose();
        return _bus.DisposeAsync();
    }
}
