using System.Diagnostics.CodeAnalysis;
using AgentHost.Diagnostics;
using AgentHost.Options;
using EventStreaming;
using EventStreaming.Agents;

namespace AgentHost.Sessions;

/// <summary>The sessions there are. Thread-safe.</summary>
internal sealed class SessionRegistry(EventBus bus, AgentRuns runs, AgentHostOptions options, TimeProvider timeProvider, ILogger<SessionRegistry> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>All, in the order in which they were created.</summary>
    public IReadOnlyList<Session> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _sessions.Values.OrderBy(static session => session.Id, StringComparer.Ordinal)];
            }
        }
    }

    public Session? Find(string id)
    {
        lock (_gate)
        {
            return _sessions.GetValueOrDefault(id);
        }
    }

    /// <summary>Creates a session. False when there are as many as may be.</summary>
    public bool TryCreate([NotNullWhen(true)] out Session? session)
    {
        session = null;
        var created = new Session($"session-{Guid.CreateVersion7():N}", timeProvider.GetUtcNow());
        lock (_gate)
        {
            if (_sessions.Count >= options.MaxSessions)
            {
                return false;
            }

            _sessions.Add(created.Id, created);
        }

        session = created;
        bus.OpenSession(session.Id, threadId: session.Id);
        Log.SessionCreated(logger, session.Id);
        return true;
    }

    /// <summary>Deletes a session: its runs are cancelled, then its topic is closed. False when there is none of that id.</summary>
    public async Task<bool> DeleteAsync(string id)
    {
        if (Find(id) is not { } session || !session.TryDelete())
        {
            return false;
        }

        // Gone before its topic is: nobody who asks now may open that again.
        lock (_gate)
        {
            _sessions.Remove(id);
        }

        var atWork = runs.List(id).Count(static run => !run.IsEnded);
        await runs.CancelTopicAsync(id);
        bus.CloseTopic(id);
        Log.SessionDeleted(logger, id, atWork);
        return true;
    }
}
