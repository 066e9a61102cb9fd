namespace AgentHost.Sessions;

/// <summary>
/// What is watched: its id is the name of its topic. It outlives its runs, of which several may be at work. Thread-safe.
/// </summary>
internal sealed class Session(string id, string threadId, DateTimeOffset createdAt)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Type, object> _memory = [];
    private bool _isDeleted;
    private int _workers;
    private volatile string? _title;

    public string Id => id;

    /// <summary>What its conversation is called: what a client calls it, or its id.</summary>
    public string ThreadId => threadId;

    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>What it is about, for a person; null until someone has said so.</summary>
    public string? Title
    {
        get => _title;
        set => _title = value;
    }

    /// <summary>Whether somebody has found it who did not create it. The registry's, within its lock.</summary>
    public bool IsShared { get; set; }

    /// <summary>Publishes to its topic. False when the session was deleted: its topic, closed then, would come to life again.</summary>
    public bool TryPublish(Action publish)
    {
        lock (_gate)
        {
            if (!_isDeleted)
            {
                publish();
            }

            return !_isDeleted;
        }
    }

    /// <summary>Takes numbers for a run's workers, which no other worker of this session has.</summary>
    /// <returns>The first of them.</returns>
    public int TakeWorkers(int count) => Interlocked.Add(ref _workers, count) - count + 1;

    /// <summary>What runs of one kind remember for the next of that kind; at first it is new.</summary>
    public T Recall<T>()
        where T : class, new()
    {
        lock (_gate)
        {
            if (!_memory.TryGetValue(typeof(T), out var memory))
            {
                _memory[typeof(T)] = memory = new T();
            }

            return (T)memory;
        }
    }

    /// <summary>From now on nothing is published and no run begins.</summary>
    /// <returns>False when it was deleted before.</returns>
    public bool TryDelete()
    {
        lock (_gate)
        {
            return !_isDeleted && (_isDeleted = true);
        }
    }
}
