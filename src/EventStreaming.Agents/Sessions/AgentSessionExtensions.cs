using System.Runtime.CompilerServices;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents;

/// <summary>Opens sessions on a bus.</summary>
public static class AgentSessionExtensions
{
    private static readonly ConditionalWeakTable<IEventBus, Lock> s_gates = [];

    /// <summary>Opens a session: tells <c>session.created</c> if the topic does not have it yet, so opening a session again, as for its next turn, tells nothing.</summary>
    /// <param name="bus">The bus; its catalog must have <see cref="AgentEvents.Catalog"/>.</param>
    /// <param name="topic">The topic that is watched.</param>
    /// <param name="threadId">The conversation it belongs to; null: the one that the session has, or a new UUIDv7 of 32 digits.</param>
    /// <exception cref="ArgumentException">The topic's session belongs to another conversation; or a name is not as its documentation says, or the bus does not know the event types.</exception>
    /// <exception cref="TopicLimitException">The topic is new and there is no room for another.</exception>
    /// <exception cref="SubscriptionLimitException">There is no room for another subscription, by which it looks what the topic has.</exception>
    /// <exception cref="ObjectDisposedException">The bus has been disposed.</exception>
    public static AgentSession OpenSession(this IEventBus bus, string topic, string? threadId = null)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(topic);

        // Looked at and published as one: else two who open it at the same time would both find it missing.
        lock (s_gates.GetValue(bus, static _ => new Lock()))
        {
            if (FindThread(bus, topic) is not { } found)
            {
                threadId ??= AgentRun.NewId();
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
