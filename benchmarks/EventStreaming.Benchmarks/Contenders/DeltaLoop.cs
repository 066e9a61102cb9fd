using EventStreaming.Agents;
using EventStreaming.AspNetCore;

namespace EventStreaming.Benchmarks.Contenders;

/// <summary>Pieces of a message, published one way or another, read by one reader and made into frames for its stream.</summary>
internal abstract class DeltaLoop : Contender
{
    /// <summary>The topic.</summary>
    protected const string Topic = "session-1";

    /// <summary>About a token each, as models give them.</summary>
    protected static readonly string[] Pieces = [.. Enumerable.Range(0, BatchSize).Select(static number => number % 8 == 7 ? " of\n" : $" word{number % 10}")];

    private readonly StreamEvent[] _buffer = new StreamEvent[BatchSize];
    private readonly SseFrameEncoder _encoder = new(JsonEventEncoder.Default, namesEvents: true);
    private readonly EventSubscription _reader;

    protected DeltaLoop() => _reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, EndOnTerminal = false });

    protected EventBus Bus { get; } = new(catalog: AgentEvents.Catalog);

    protected override int ReadsPerBatch => BatchSize;

    public override int RunBatch()
    {
        foreach (var piece in Pieces)
        {
            Say(piece);
        }

        var read = 0;
        int count;
        while ((count = _reader.Read(_buffer)) > 0)
        {
            read += Encode(_buffer.AsSpan(0, count));
        }

        return read;
    }

    public override ValueTask DisposeAsync() => Bus.DisposeAsync();

    protected abstract void Say(string piece);

    /// <summary>Reads what was published between batches.</summary>
    protected void Skip()
    {
        while (_reader.Read(_buffer) > 0)
        {
        }
    }

    /// <returns>How many frames were made.</returns>
    private int Encode(ReadOnlySpan<StreamEvent> items)
    {
        var made = 0;
        foreach (var item in items)
        {
            made += _encoder.GetBytes(item).IsEmpty ? 0 : 1;
        }

        return made;
    }
}
