using System.Reactive.Subjects;

namespace EventStreaming.Benchmarks.Contenders;

/// <summary>A peer for orientation: System.Reactive's Subject. It queues nothing: its observers run inside <c>OnNext</c>.</summary>
internal sealed class SubjectLoop : Contender
{
    private readonly Subject<PlainEvent> _subject = new();
    private readonly int _readers;
    private long _sequence;
    private int _read;

    public SubjectLoop(int readers)
    {
        _readers = readers;
        for (var i = 0; i < readers; i++)
        {
            _subject.Subscribe(_ => _read++);
        }
    }

    protected override int ReadsPerBatch => BatchSize * _readers;

    public override int RunBatch()
    {
        _read = 0;
        for (var i = 0; i < BatchSize; i++)
        {
            _subject.OnNext(new PlainEvent(Payload.Type, TimeProvider.System.GetUtcNow(), Payload.Shared, ++_sequence));
        }

        return _read;
    }

    public override ValueTask DisposeAsync()
    {
        _subject.Dispose();
        return ValueTask.CompletedTask;
    }
}
