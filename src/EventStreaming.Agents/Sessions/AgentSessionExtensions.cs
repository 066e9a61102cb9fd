using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents;

/// <summary>Opens sessions on a bus.</summary>
public static class AgentSessionExtensions
{
    /// <summary>By topics, several of which share one: sessions do not wait for each other, and nothing is held for each.</summary>
    private static readonly Lock[] s_gates = [.. Enumerable.Range(0, 64).Select(static _ => new Lock())];

    /// <summary>Opens a session: tells <c>session.created</c> if the topic does not have it, so opening a session again, as for its next turn, tells nothing.</summary>
    /// <remarks>
    /// <para>What is known of a session is what its topic has. Opened at the same time by several in this process, it is created once. Once its <c>session.created</c> has been evicted, or its topic
    /// has been closed, the next opening tells it again.</para>
    /// <para>Its thread is the same each time, also then, if it is always opened without a thread, or always with the same. One that was given is found without being given again only while the
    /// topic has the event, and only so long is another one refused.</para>
    /// </remarks>
    /// <param name="bus">The bus; its catalog must have <see cref="AgentEvents.Catalog"/>.</param>
    /// <param name="topic">The topic that is watched.</param>
    /// <param name="threadId">The conversation it belongs to; null: the one that the topic's session has, or else the topic's name.</param>
    /// <exception cref="ArgumentException">The topic's session belongs to another conversation; or a name is not as its documentation says, or the bus does not know the event types.</exception>
    /// <exception cref="TopicLimitException">The topic is new and there is no room for another.</exception>
    /// <exception cref="SubscriptionLimitException">There is no room for another subscription, by which it looks what the topic has.</exception>
    /// <exception cref="ObjectDisposedException">The bus has been disposed.</exception>
    public static AgentSession OpenSession(this IEventBus bus, string topic, string? threadId = null)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(topic);

        // Looked at and published as one: else two who open it at the same time would both find it missing.
        lock (s_gates[(uint)string.GetHashCode(topic, StringComparison.Ordinal) % (uint)s_gates.Length])
        {
            if (FindThread(bus, topic) is not { } found)
            {
                threadId ??= topic;
                bus.Publish(topic, AgentEvents.SessionCreated, new SessionCreated(threadId));
                return new AgentSession(bus, topic, threadId);
            }

            return threadId is null || string.Equals(threadId, found, StringComparison.Ordinal)
                ? new AgentSession(bus, topic, found)
                : throw new ArgumentException($"The session '{topic}' belongs to the thread '{found}', not to '{threadId}': open it without a thread, or use a topic of its own.", nameof(threadId));
        }
    }

    private static string? FindThread(IEventBus bus, string topic)
    {
        if (bus.FindTopic(topic) is null)
        {
            return null;
        }

        var reader = bus.Subscribe(new SubscriptionOptions
        {
            Topic = topic,
            From = EventCursor.Start,
            Types = [AgentEvents.SessionCreated.Name],
            EndOnTerminal = false,
            EndOnHostStopping = false,
            Name = "session",
        });
        string? thread = null;
        while (reader.TryRead(out var item))
        {
            thread = item.IsControl ? thread : AgentPayload.Of<SessionCreated>(item)?.ThreadId ?? thread;
        }

        // It ends at the call; there is nothing to wait for.
        _ = reader.DisposeAsync().AsTask();
        return thread;
    }
}
