using System.Runtime.CompilerServices;
using EventStreaming.Benchmarks.Contenders;

namespace EventStreaming.Benchmarks.Measuring;

internal static class Allocation
{
    private const int Samples = 10_000;

    /// <summary>What one object of a type takes on the heap, without anything it refers to: allocated, but not constructed.</summary>
    public static double SizeOf(Type type)
    {
        GC.KeepAlive(RuntimeHelpers.GetUninitializedObject(type));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Samples; i++)
        {
            GC.KeepAlive(RuntimeHelpers.GetUninitializedObject(type));
        }

        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Samples;
    }

    /// <summary>Bytes allocated by this thread per operation of a contender that is warm.</summary>
    public static double PerOperation(Contender contender)
    {
        Contest.WarmUp([contender], TimeSpan.FromMilliseconds(500));
        const int Batches = Samples / Contender.BatchSize;
        var before = GC.GetAllocatedBytesForCurrentThread();
        contender.Time(Batches);
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / (Batches * contender.OperationsPerBatch);
    }
}
