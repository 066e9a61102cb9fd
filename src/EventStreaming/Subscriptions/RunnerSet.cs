using System.Collections.Concurrent;

namespace EventStreaming;

/// <summary>The loops of handlers and pumps that are under way, so that disposing the bus can wait for them, and abort them when the wait is over.</summary>
internal sealed class RunnerSet
{
    private readonly ConcurrentDictionary<IRunner, Task> _runners = new();

    public int Count => _runners.Count;

    public void Add(IRunner runner, Task run)
    {
        _runners[runner] = run;

        // Not by ContinueWith, whose two tasks each connection would hold.
        run.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => _runners.TryRemove(runner, out _));
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
