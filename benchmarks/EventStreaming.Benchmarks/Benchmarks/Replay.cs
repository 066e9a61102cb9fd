using BenchmarkDotNet.Attributes;
using EventStreaming.Benchmarks.Contenders;

namespace EventStreaming.Benchmarks;

/// <summary>A new reader takes 1,000 events from history and leaves, per event.</summary>
public class Replay
{
    private readonly ReplayLoop _loop = new();

    [GlobalCleanup]
    public async Task CleanupAsync() => await _loop.DisposeAsync();

    [Benchmark(OperationsPerInvoke = ReplayLoop.HistorySize)]
    public int SubscribeReadDispose() => _loop.RunBatch();
}
