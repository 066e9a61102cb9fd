namespace EventStreaming.Benchmarks.Contenders;

/// <summary>A peer for orientation: a C# event. It queues nothing: its handlers run inside the call that raises it.</summary>
internal sealed class DelegateLoop : Contender
{
    private readonly int _readers;
    private long _sequence;
    private int _read;

    public DelegateLoop(int readers)
    {
        _readers = readers;
        for (var i = 0; i < readers; i++)
        {
            Published += (_, _) => _read++;
        }
    }

#pragma warning disable MA0046 // What is handed over is what the others hand over, no EventArgs.
    private event EventHandler<PlainEvent>? Published;
#pragma warning restore MA0046

    protected override int ReadsPerBatch => BatchSize * _readers;

    public override int RunBatch()
    {
        _read = 0;
        for (var i = 0; i < BatchSize; i++)
        {
            Published?.Invoke(this, new PlainEvent(Payload.Type, TimeProvider.System.GetUtcNow(), Payload.Shared, ++_sequence));
        }

        return _read;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
