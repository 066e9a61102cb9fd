using System.Diagnostics.CodeAnalysis;
using AgentHost.Runs;

namespace AgentHost.Sessions;

/// <summary>
/// What is watched: its id is the name of its topic. It outlives its runs, of which several may be at work. Thread-safe.
/// </summary>
internal sealed class Session(string id, DateTimeOffset createdAt)
{
    private readonly Lock _gate = new();
    private readonly List<AgentRun> _runs = [];
    private bool _isDeleted;
    private int _workers;

    public string Id => id;

    public DateTimeOffset CreatedAt => createdAt;

    /// <summary>The runs at work, in the order of their start.</summary>
    public IReadOnlyList<AgentRun> Runs
    {
        get
        {
            lock (_gate)
            {
                return [.. _runs];
            }
        }
    }

    public AgentRun? FindRun(string runId) => Runs.FirstOrDefault(run => string.Equals(run.Id, runId, StringComparison.Ordinal));

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

    /// <summary>Adds a run unless there are as many as may be.</summary>
    public RunAdmission TryAdd(AgentRun run, int maximum)
    {
        lock (_gate)
        {
            if (_isDeleted)
            {
                return RunAdmission.SessionIsGone;
            }

            if (_runs.Count >= maximum)
            {
                return RunAdmission.SessionIsFull;
            }

            _runs.Add(run);
            return RunAdmission.Admitted;
        }
    }

    public void Remove(AgentRun run)
    {
        lock (_gate)
        {
            _runs.Remove(run);
        }
    }

    /// <summary>From now on nothing is published and no run begins.</summary>
    /// <param name="atWork">The runs that have yet to end.</param>
    /// <returns>False when it was deleted before.</returns>
    public bool TryDelete([NotNullWhen(true)] out IReadOnlyList<AgentRun>? atWork)
    {
        lock (_gate)
        {
            atWork = _isDeleted ? null : [.. _runs];
            _isDeleted = true;
            return atWork is not null;
        }
    }
}
