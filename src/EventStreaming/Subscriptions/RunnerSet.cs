using System.Collections.Concurrent;

namespace EventStreaming;

/// <summary>The loops of handlers and pumps that are under way, so that disposing the bus can wait for them, and abort them when the wait is over.</summary>
internal sealed class RunnerSet
{
    private readonly ConcurrentDictionary<IRunner, Task> _runners = new();

    public int Count => _runners.Count;

    /// <summary>Starts one, which <see cref="Remove">removes</see> itself as the last thing it does: a continuation would be held by each connection.</summary>
    public TRun Start<TRun>(IRunner runner, Func<TRun> start)
        where TRun : Task
    {
        // Here before it runs: who tells all of something tells it, or has done so before it looks. And it may be gone when the start returns.
        _runners[runner] = Task.CompletedTask;
        var run = start();
        _runners.TryUpdate(runner, run, Task.CompletedTask);
        return run;
    }

    public void Remove(IRunner runner) => _runners.TryRemove(runner, out _);

    public void TellHostStopping()
    {
        // The keys are copied under the set's locks: a runner that is not among them was added later, and sees what its caller wrote before.
        foreach (var runner in _runners.Keys)
        {
            runner.OnHostStopping();
        }
    }

    /// <summary>Waits for all of them. False when the time was over first.</summary>
    public async Task<bool> WaitAsync(TimeSpan timeout, TimeProvider timeProvider)
    {
        try
        {
            // Whether they succeed is told to those who started them; here it matters that they are done.
            await Task.WhenAll(_runners.Values)
                .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)
                .WaitAsync(timeout, timeProvider)
                .ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Abort()
    {
        foreach (var runner in _runners.Keys)
        {
            runner.Abort();
        }
    }
}
