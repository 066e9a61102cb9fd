namespace EventStreaming.Agents.Runner;

/// <summary>A run that the registry has let in.</summary>
internal sealed class RunEntry(string runId, string topic) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<AgentRunStatus?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RunAttempts? _attempts;
    private volatile AgentRunStatus? _status;

    public string RunId => runId;

    public string Topic => topic;

    public CancellationToken Stop => _stop.Token;

    /// <summary>How it ended; null when it could not be started.</summary>
    public Task<AgentRunStatus?> Ended => _ended.Task;

    /// <summary>How it stands; null when it has not begun.</summary>
    public AgentRunStatus? Status => _status ?? _attempts?.GetStatus();

    public long EndedAt { get; private set; }

    public void Begun(RunAttempts attempts) => _attempts = attempts;

    /// <summary>Tells it to stop. What hears of it runs elsewhere.</summary>
    public void Cancel()
    {
        try
        {
            _ = _stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    public void Abandon() => _attempts?.Abandon();

    /// <summary>It is over: only how it ended is kept.</summary>
    public void End(long timestamp)
    {
        EndedAt = timestamp;
        _status = _attempts?.GetStatus();
        _attempts = null;
    }

    /// <summary>Tells those who wait.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        _ended.TrySetResult(_status);
    }
}
