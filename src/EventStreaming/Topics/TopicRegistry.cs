using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace EventStreaming;

/// <summary>
/// The topics of a bus. Finding one takes no lock; making and closing them does, so that a subscription to all topics is attached to a
/// new topic before anyone can publish to it.
/// </summary>
internal sealed class TopicRegistry
{
    private readonly ConcurrentDictionary<string, Topic> _topics = new(StringComparer.Ordinal);
    private readonly List<EventSubscription> _toAll = [];
    private readonly Lock _gate = new();
    private readonly EventStreamingOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly Action<int> _evicted;
    private readonly IEncodingObserver? _observer;
    private int _count;

    // The topics published to last, by a cheap hash of their names: publishers say the same name over and over, and one comparison
    // costs a fifth of a dictionary. A slot holds a topic that is open, or none.
    private readonly Topic?[] _recent = new Topic?[256];

    /// <param name="options">The limits.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="evicted">Called, outside every lock, with how many topics had to make room for another.</param>
    /// <param name="observer">Hears of events that cannot be encoded.</param>
    public TopicRegistry(EventStreamingOptions options, TimeProvider timeProvider, Action<int> evicted, IEncodingObserver? observer = null)
    {
        _options = options;
        _timeProvider = timeProvider;
        _evicted = evicted;
        _observer = observer;
    }

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<Topic> All => _topics.Values;

    public bool TryGet(string name, [NotNullWhen(true)] out Topic? topic) => _topics.TryGetValue(name, out topic);

    /// <exception cref="TopicNotFoundException">There is none of that name.</exception>
    public Topic Require(string name) => TryGet(name, out var topic)
        ? topic
        : throw new TopicNotFoundException($"There is no topic '{name}', and MustExist says that it must be there. Publish to it first, or leave MustExist off to create it.");

    /// <exception cref="ArgumentException">The name is not one a topic may have.</exception>
    /// <exception cref="TopicLimitException">There is no room for another.</exception>
    public Topic GetOrCreate(string name)
    {
        ref var slot = ref SlotOf(name);
        return slot is { IsClosed: false } recent && string.Equals(recent.Name, name, StringComparison.Ordinal) ? recent : Find(name, ref slot);
    }

    /// <summary>Has a topic fed that is there, or a new one.</summary>
    /// <exception cref="InvalidOperationException">The topic that is there cannot be fed so.</exception>
    /// <exception cref="TopicLimitException">There is no room for another.</exception>
    public TopicFeed OpenFeed(string name, EventCursor behind, Func<Topic, TopicFeed> create)
    {
        TopicFeed feed;
        var evicted = 0;
        lock (_gate)
        {
            if (!_topics.TryGetValue(name, out var topic))
            {
                topic = Add(name, behind, out evicted);
            }
            else if (topic.IsAnotherLog(behind))
            {
                topic = Replace(topic, behind);
            }

            feed = create(topic);
            topic.BeginFeed(feed, behind);
        }

        Tell(evicted);
        return feed;
    }

    /// <summary>Nothing is fed any more.</summary>
    public void EndFeeds()
    {
        foreach (var topic in _topics.Values)
        {
            topic.EndFeed();
        }
    }

    /// <summary>Closes a topic. False when there is none of that name.</summary>
    public bool Close(string name)
    {
        lock (_gate)
        {
            if (!_topics.TryRemove(name, out var topic))
            {
                return false;
            }

            _count--;
            topic.Close(EndReason.TopicClosed);
            Forget(topic);
            return true;
        }
    }

    /// <summary>Attaches a subscription to every topic there is, and from now on to every new one.</summary>
    public void AddToAll(EventSubscription subscription)
    {
        lock (_gate)
        {
            if (subscription.IsEnded)
            {
                // Ended by a stopping bus before it got here. Nobody would take it off the list again.
                return;
            }

            _toAll.Add(subscription);
            foreach (var topic in _topics.Values)
            {
                subscription.TryAttach(topic);
            }
        }
    }

    public void RemoveFromAll(EventSubscription subscription)
    {
        lock (_gate)
        {
            _toAll.Remove(subscription);
        }
    }

    /// <summary>Evicts what is too old and closes topics that were idle for too long.</summary>
    public void Sweep()
    {
        var now = _timeProvider.GetTimestamp();
        foreach (var topic in _topics.Values)
        {
            var idleSince = topic.Sweep(now);
            if (idleSince < now && _timeProvider.GetElapsedTime(idleSince, now) >= _options.Topics.IdleTimeout)
            {
                TryCloseIdle(topic, idleSince);
            }
        }
    }

    private ref Topic? SlotOf(string name) =>
        ref _recent[name.Length == 0 ? 0 : (name.Length + (name[^1] * 31) + (name[name.Length / 2] * 7)) & (_recent.Length - 1)];

    private Topic Find(string name, ref Topic? slot)
    {
        if (!_topics.TryGetValue(name, out var topic))
        {
            topic = Create(name);
        }

        // Exchange, not a plain write: the test behind it must not be made before the write is seen. Else the topic could be closed in
        // between, and its history would stay reachable from here.
        Interlocked.Exchange(ref slot, topic);
        if (topic.IsClosed)
        {
            Forget(topic);
        }

        return topic;
    }

    /// <summary>Drops a closed topic from the recent ones.</summary>
    private void Forget(Topic topic) => Interlocked.CompareExchange(ref SlotOf(topic.Name), null, topic);

    private Topic Create(string name)
    {
        TopicName.Validate(name, "topic");
        var evicted = 0;
        Topic? topic;
        lock (_gate)
        {
            if (!_topics.TryGetValue(name, out topic))
            {
                topic = Add(name, behind: null, out evicted);
            }
        }

        Tell(evicted);
        return topic;
    }

    /// <summary>Makes a topic, with those attached who read all. Under the lock.</summary>
    private Topic Add(string name, EventCursor? behind, out int evicted)
    {
        evicted = _count >= _options.Topics.MaxCount ? MakeRoom() : 0;
        var topic = New(name, behind);
        _topics[name] = topic;
        _count++;
        return topic;
    }

    private Topic New(string name, EventCursor? behind)
    {
        var topic = new Topic(name, _options.History, _timeProvider, _observer, behind);
        foreach (var subscription in _toAll)
        {
            subscription.AttachNew(topic);
        }

        return topic;
    }

    /// <summary>
    /// Puts another log in the place of one that has begun anew elsewhere. Who is ended by it finds the new one, whenever he looks: it is there before. Under the lock.
    /// </summary>
    private Topic Replace(Topic topic, EventCursor behind)
    {
        var next = New(topic.Name, behind);
        _topics[topic.Name] = next;
        topic.Close(EndReason.TopicRestarted);
        Forget(topic);
        return next;
    }

    private void Tell(int evicted)
    {
        if (evicted > 0)
        {
            _evicted(evicted);
        }
    }

    /// <summary>
    /// Closes the topics that were idle longest, finished ones before others: one in a hundred, so that a host at its limit does not
    /// search all of them for each new one.
    /// </summary>
    private int MakeRoom()
    {
        var now = _timeProvider.GetTimestamp();
        var candidates = _topics.Values
            .Select(topic => (Topic: topic, IdleSince: topic.Sweep(now), IsOpen: !topic.IsCompleted))
            .Where(static candidate => candidate.IdleSince != long.MaxValue)
            .OrderBy(static candidate => candidate.IsOpen)
            .ThenBy(static candidate => candidate.IdleSince);
        var wanted = Math.Max(1, _options.Topics.MaxCount / 100);
        var closed = 0;
        foreach (var candidate in candidates)
        {
            if (TryCloseIdle(candidate.Topic, candidate.IdleSince) && ++closed == wanted)
            {
                break;
            }
        }

        return closed > 0
            ? closed
            : throw new TopicLimitException(
                $"There are {_count} topics, as many as Topics.MaxCount allows, and each has a subscriber. Raise Topics.MaxCount, or close topics with CloseTopic when they are done.");
    }

    private bool TryCloseIdle(Topic topic, long idleSince)
    {
        lock (_gate)
        {
            if (!topic.TryCloseIdle(idleSince))
            {
                return false;
            }

            if (_topics.TryRemove(topic.Name, out _))
            {
                _count--;
            }

            Forget(topic);
            return true;
        }
    }
}
