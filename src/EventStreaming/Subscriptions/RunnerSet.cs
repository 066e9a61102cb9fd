using System.Collections.Concurrent;

namespace EventStreaming;

/// <summary>The loops of handlers and pumps that are under way, so that disposing the bus can wait for them, and abort them when the wait is over.</summary>
internal sealed class RunnerSet
{
    private readonly ConcurrentDictionary<Task, Action> _runners = new();

    public int Count => _runners.Count;

    public void Add(Task runner, Action abort)
    {
        _runners[runner] = abort;
        _ = runner.ContinueWith(
            static (finished, runners) => ((ConcurrentDictionary<Task, Action>)runners!).TryRemove(finished, out _),
            _runners,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Waits for all of them. False when the time was over first.</summary>
    public async Task<bool> WaitAsync(TimeSpan timeout, TimeProvider timeProvider)
    {
        try
        {
            await Task.WhenAll(_runners.Keys).WaitAsync(timeout, timeProvider).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Abort()
    {
        foreach (var abort in _runners.Values)
        {
            abort();
        }
    }
}
