namespace AgentHost.Jobs.Orchestrator;

/// <summary>What the turns of a session's conversation have been about. Thread-safe.</summary>
internal sealed class Conversation
{
    private readonly Lock _gate = new();
    private Turn? _last;

    /// <summary>The turn before; null when there was none.</summary>
    public Turn? Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    public void Add(Turn turn)
    {
        lock (_gate)
        {
            _last = turn;
        }
    }
}
