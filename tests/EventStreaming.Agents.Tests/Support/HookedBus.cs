namespace EventStreaming.Agents.Tests.Support;

/// <summary>A bus in which something happens just before an event is published, or just before a wait begins.</summary>
internal sealed class HookedBus(EventBus inner) : DelegatingBus(inner)
{
    /// <summary>Called before each event, on the thread that publishes it.</summary>
    public Action<EventDraft>? Publishing { get; set; }

    /// <summary>Called before each wait; what it throws, the wait throws.</summary>
    public Action<TimeSpan?>? Waiting { get; set; }

    public override StreamEvent Publish(string topic, in EventDraft draft)
    {
        Publishing?.Invoke(draft);
        return base.Publish(topic, draft);
    }

    public override async Task<StreamEvent> WaitForAsync(
        string topic, Func<StreamEvent, bool> predicate, EventCursor? since = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        Waiting?.Invoke(timeout);
        return await base.WaitForAsync(topic, predicate, since, timeout, cancellationToken);
    }
}
