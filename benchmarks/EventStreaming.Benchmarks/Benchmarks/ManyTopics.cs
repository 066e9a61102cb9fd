using BenchmarkDotNet.Attributes;
using EventStreaming.Benchmarks.Contenders;

namespace EventStreaming.Benchmarks;

/// <summary>Publishing to one topic, alone or among 10,000. Nobody is subscribed.</summary>
public class ManyTopics
{
    private readonly BusLoop _one = new(readers: 0);
    private readonly BusLoop _many = new(readers: 0, otherTopics: 9_999);

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _one.DisposeAsync();
        await _many.DisposeAsync();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Contender.BatchSize)]
    public int TheOnlyTopic() => _one.RunBatch();

    [Benchmark(OperationsPerInvoke = Contender.BatchSize)]
    public int OneOfTenThousand() => _many.RunBatch();
}
