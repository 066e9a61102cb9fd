using System.Diagnostics;

namespace EventStreaming.Benchmarks.Contenders;

/// <summary>One way to do a job, done in batches that can be timed side by side with another's.</summary>
internal abstract class Contender : IAsyncDisposable
{
    /// <summary>Events published before they are drained: well below every queue's bound, so that nothing is ever dropped unasked.</summary>
    public const int BatchSize = 256;

    /// <summary>How many operations (publishes, unless it says otherwise) one batch is.</summary>
    public virtual int OperationsPerBatch => BatchSize;

    /// <summary>How many events one batch must read. Fewer means that it measured something else than it claims.</summary>
    protected abstract int ReadsPerBatch { get; }

    /// <summary>Does the job once.</summary>
    /// <returns>How many events were read.</returns>
    public abstract int RunBatch();

    /// <summary>Runs batches, leaving out of the time what belongs to none of them.</summary>
    /// <returns>The time, in ticks of the <see cref="Stopwatch"/>.</returns>
    public long Time(int batches)
    {
        var elapsed = 0L;
        for (var i = 0; i < batches; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var read = RunBatch();
            elapsed += Stopwatch.GetTimestamp() - start;
            AfterBatch();
            if (read != ReadsPerBatch)
            {
                throw new InvalidOperationException($"{GetType().Name} read {read} events of {ReadsPerBatch}: its times are not comparable.");
            }
        }

        return elapsed;
    }

    /// <summary>Throws when the contender is no longer in the state it is meant to measure.</summary>
    public virtual void Verify()
    {
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>What must happen between batches and is nobody's cost.</summary>
    protected virtual void AfterBatch()
    {
    }
}
