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

    /// <summary>By the names that clients give their conversations. Such a name is looked up, and never becomes a topic's.</summary>
    private readonly Dictionary<string, Session> _threads = new(StringComparer.Ordinal);

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

    /// <summary>The session of a client's conversation, or that of this id.</summary>
    public Session? FindThread(string threadId)
    {
        lock (_gate)
        {
            return _threads.GetValueOrDefault(threadId) ?? _sessions.GetValueOrDefault(threadId);
        }
    }

    /// <summary>Creates a session. False when there are as many as may be.</summary>
    public bool TryCreate([NotNullWhen(true)] out Session? session) => TryOpen(threadId: null, out session, out _);

    /// <summary>Finds the session of a client's conversation, or creates it. False when there is none, and as many as may be.</summary>
    /// <param name="threadId">What the client calls it; null for a new one that is called as its session.</param>
    /// <param name="session">The session.</param>
    /// <param name="isNew">Whether it was created.</param>
    public bool TryOpen(string? threadId, [NotNullWhen(true)] out Session? session, out bool isNew)
    {
        isNew = false;
        lock (_gate)
        {
            session = threadId is null ? null : _threads.GetValueOrDefault(threadId) ?? _sessions.GetValueOrDefault(threadId);
            if (session is not null)
            {
                session.IsShared = true;
                return true;
            }

            if (_sessions.Count >= options.MaxSessions)
            {
                return false;
            }

            var id = $"session-{Guid.CreateVersion7():N}";
            var created = new Session(id, threadId ?? id, timeProvider.GetUtcNow());

            // Within the lock, and first: who finds a session finds its topic, too.
            if (!TryOpenTopic(created))
            {
                return false;
            }

            session = created;
            _sessions.Add(id, session);
            if (threadId is not null)
            {
                _threads.Add(threadId, session);
            }
        }

        isNew = true;
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

        Remove(session);
        var atWork = runs.List(id).Count(static run => !run.IsEnded);
        await runs.CancelTopicAsync(id);
        bus.CloseTopic(id);
        Log.SessionDeleted(logger, id, atWork);
        return true;
    }

    /// <summary>Deletes a session in which nothing was begun by who created it, unless somebody else has come in: what that one does there goes on.</summary>
    public void Abandon(Session session)
    {
        lock (_gate)
        {
            if (session.IsShared || runs.List(session.Id).Any(static run => !run.IsEnded) || !session.TryDelete())
            {
                return;
            }

            Remove(session);
        }

        bus.CloseTopic(session.Id);
        Log.SessionDeleted(logger, session.Id, runs: 0);
    }

    /// <summary>Gone before its topic is: nobody who asks now may open that again.</summary>
    private void Remove(Session session)
    {
        lock (_gate)
        {
            _sessions.Remove(session.Id);
            _threads.Remove(session.ThreadId);
        }
    }

    /// <returns>False when the bus has as many topics as may be, and somebody reads each of them.</returns>
    private bool TryOpenTopic(Session session)
    {
        try
        {
            bus.OpenSession(session.Id, session.ThreadId);
            return true;
        }
        catch (TopicLimitException)
        {
            return false;
        }
    }
}
