namespace AgentHost.Runs;

/// <summary>A job at work. Nobody's connection ends it: it ends by itself, or is cancelled by its id, with its session, or with the host.</summary>
/// <param name="id">Its id, which its events have, too.</param>
/// <param name="kind">What sort of job.</param>
/// <param name="work">The job, which tells its end by an event.</param>
internal sealed class RunAtWork(string id, string kind, Func<CancellationToken, Task> work) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id => id;

    public string Kind => kind;

    /// <summary>Done when the job is over, however it went.</summary>
    public Task Ended => _ended.Task;

    public bool IsCancelled => _stop.IsCancellationRequested;

    public Task WorkAsync() => work(_stop.Token);

    /// <summary>Asks it to stop, and waits for its end.</summary>
    public async Task CancelAsync()
    {
        try
        {
            await _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }

        await Ended;
    }

    /// <summary>It is over.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        _ended.TrySetResult();
    }
}
