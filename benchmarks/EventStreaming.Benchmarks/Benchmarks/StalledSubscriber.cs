using BenchmarkDotNet.Attributes;
using EventStreaming.Benchmarks.Contenders;

namespace EventStreaming.Benchmarks;

/// <summary>Publishing to 64 and draining 63 of them, where the last reads nothing: against publishing to 64 and draining all.</summary>
public class StalledSubscriber
{
    private readonly BusLoop _none = new(readers: 64);
    private readonly Crowd _dropping = new(readers: 64, isStalled: true, withCritical: false);
    private readonly Crowd _lagging = new(readers: 64, isStalled: true, withCritical: true);

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _none.DisposeAsync();
        await _dropping.DisposeAsync();
        await _lagging.DisposeAsync();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Contender.BatchSize)]
    public int NoneStalled() => _none.RunBatch();

    [Benchmark(OperationsPerInvoke = Contender.BatchSize)]
    public int OneDropping() => _dropping.RunBatch();

    [Benchmark(OperationsPerInvoke = Contender.BatchSize)]
    public int OneLagging() => _lagging.RunBatch();
}
