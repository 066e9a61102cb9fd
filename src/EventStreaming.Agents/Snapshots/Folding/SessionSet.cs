using System.Collections.Concurrent;

namespace EventStreaming.Agents.Snapshots;

/// <summary>The sessions there are, within the limits. Added to by the one reader; others look, and let go what is gone.</summary>
internal sealed class SessionSet(IEventBus bus, SessionSnapshotsOptions options)
{
    private readonly ConcurrentDictionary<string, SessionFold> _sessions = new(StringComparer.Ordinal);
    private SessionFold? _newest;
    private long _bytes;
    private long _folded;

    public int Count => _sessions.Count;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Takes an event in. For the reader.</summary>
    /// <returns>What was wrong with its payload; null for nothing.</returns>
    public Exception? Fold(StreamEvent item)
    {
        var epoch = item.Cursor.EpochToken;
        if (epoch.Length == 0)
        {
            // Of the connection to where the topic comes from: it has no place.
            return null;
        }

        if (Require(item.Topic, epoch) is not { } session)
        {
            return null;
        }

        var added = session.Fold(item, ++_folded, out var failure);
        if (Interlocked.Add(ref _bytes, added) > options.MaxBytes)
        {
            LetGo(() => Bytes > options.MaxBytes - (options.MaxBytes / 16), session);
        }

        return failure;
    }

    /// <summary>A session in the present life of its topic; null when there is none.</summary>
    public SessionFold? Find(string topic)
    {
        if (!_sessions.TryGetValue(topic, out var session))
        {
            return null;
        }

        if (IsPresent(session.Topic, session.Epoch))
        {
            return session;
        }

        Remove(session);
        return null;
    }

    /// <summary>Lets those go whose topics are gone.</summary>
    public void Sweep()
    {
        foreach (var session in _sessions.Values)
        {
            if (!IsPresent(session.Topic, session.Epoch))
            {
                Remove(session);
            }
        }
    }

    /// <summary>The reader begins anew.</summary>
    public void DoubtContinuity()
    {
        foreach (var session in _sessions.Values)
        {
            session.DoubtContinuity();
        }
    }

    /// <summary>
    /// The session that an event belongs to. An event of another life than the known one is asked about: of a topic that was closed, the reader may get what it
    /// has yet to read when it has read from the next life already.
    /// </summary>
    private SessionFold? Require(string topic, string epoch)
    {
        var session = _newest;
        if (session is null || !string.Equals(session.Topic, topic, StringComparison.Ordinal))
        {
            _sessions.TryGetValue(topic, out session);
        }

        if (session is { IsRetired: false } && string.Equals(session.Epoch, epoch, StringComparison.Ordinal))
        {
            return _newest = session;
        }

        if (!IsPresent(topic, epoch))
        {
            return null;
        }

        if (session is not null)
        {
            Remove(session);
        }

        if (_sessions.Count >= options.MaxSessions)
        {
            LetGo(() => _sessions.Count > options.MaxSessions - 1 - (options.MaxSessions / 16), except: null);
        }

        _newest = new SessionFold(topic, epoch, options);
        _sessions[topic] = _newest;
        return _newest;
    }

    private bool IsPresent(string topic, string epoch) => string.Equals(bus.FindTopic(topic)?.Head.EpochToken, epoch, StringComparison.Ordinal);

    /// <summary>Lets sessions go until there is room, and a sixteenth more: to look through all of them each time would take long.</summary>
    private void LetGo(Func<bool> isTooMuch, SessionFold? except)
    {
        foreach (var (session, _, _) in _sessions.Values
            .Where(session => session != except)
            .Select(static session => (Session: session, session.IsBusy, session.ChangedAt))
            .OrderBy(static entry => entry.IsBusy)
            .ThenBy(static entry => entry.ChangedAt))
        {
            if (!isTooMuch())
            {
                return;
            }

            Remove(session);
        }
    }

    // Itself, not whatever is there by now under its name.
    private void Remove(SessionFold session)
    {
        _sessions.TryRemove(KeyValuePair.Create(session.Topic, session));
        Interlocked.Add(ref _bytes, -session.Retire());
    }
}
