using BenchmarkDotNet.Attributes;
using EventStreaming.Benchmarks.Contenders;

namespace EventStreaming.Benchmarks;

/// <summary>Publishing when nobody listens, against one reader that is drained.</summary>
public class NoSubscriber
{
    private readonly BusLoop _nobody = new(readers: 0);
    private readonly BusLoop _one = new(readers: 1);

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _nobody.DisposeAsync();
        await _one.DisposeAsync();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Contender.BatchSize)]
    public int OneReader() => _one.RunBatch();

    [Benchmark(OperationsPerInvoke = Contender.BatchSize)]
    public int Nobody() => _nobody.RunBatch();
}
