namespace EventStreaming.Agents.Running;

/// <summary>A run that the registry has let in.</summary>
internal sealed class RunEntry(string runId, string topic) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<AgentRunStatus?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RunExecution? _execution;
    private volatile AgentRunStatus? _status;

    public string RunId => runId;

    public string Topic => topic;

    public CancellationToken Stop => _stop.Token;

    /// <summary>How it ended; null when it could not be started.</summary>
    public Task<AgentRunStatus?> Ended => _ended.Task;

    /// <summary>How it stands; null when it has not begun.</summary>
    public AgentRunStatus? Status => _status ?? _execution?.GetStatus();

    public long EndedAt { get; private set; }

    public void Begun(RunExecution execution) => _execution = execution;

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

    public void Abandon() => _execution?.Abandon();

    /// <summary>It is over: only how it ended is kept.</summary>
    public void End(long timestamp)
    {
        EndedAt = timestamp;
        _status = _execution?.GetStatus();
        _execution = null;
    }

    /// <summary>Tells those who wait.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        _ended.TrySetResult(_status);
    }
}
