using BenchmarkDotNet.Attributes;
using EventStreaming.Benchmarks.Contenders;

namespace EventStreaming.Benchmarks;

/// <summary>
/// Publishing to N readers and draining them, per publish. The baseline is the bare loop, like for like. Subject and event are for
/// orientation: they queue nothing, so there is nothing to drain.
/// </summary>
public class PublishAndDrain
{
    private BareLoop _bare = null!; // These are set by Setup.
    private ReadyMadeLoop _ready = null!;
    private BusLoop _bus = null!;
    private SubjectLoop _subject = null!;
    private DelegateLoop _event = null!;

    [Params(1, 8, 64, 512)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _bare = new BareLoop(N);
        _ready = new ReadyMadeLoop(N);
        _bus = new BusLoop(N);
        _subject = new SubjectLoop(N);
        _event = new DelegateLoop(N);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _bus.DisposeAsync();
        await _subject.DisposeAsync();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Contender.BatchSize)]
    public int BareLoop() => _bare.RunBatch();

    [Benchmark(OperationsPerInvoke = Contender.BatchSize)]
    public int BareLoopOfOneReadyObject() => _ready.RunBatch();

    [Benchmark(OperationsPerInvoke = Contender.BatchSize)]
    public int EventBus() => _bus.RunBatch();

    [Benchmark(OperationsPerInvoke = Contender.BatchSize)]
    public int SubjectQueuesNothing() => _subject.RunBatch();

    [Benchmark(OperationsPerInvoke = Contender.BatchSize)]
    public int EventQueuesNothing() => _event.RunBatch();
}
