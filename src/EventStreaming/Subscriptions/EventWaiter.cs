namespace EventStreaming;

/// <summary>Waits for one event: a subscription that is read until a predicate accepts.</summary>
internal static class EventWaiter
{
    public static async Task<StreamEvent> WaitAsync(
        EventBus bus, string topic, Func<StreamEvent, bool> predicate, EventCursor? since, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var options = new SubscriptionOptions
        {
            Topic = topic,
            From = since ?? EventCursor.End,
            Predicate = predicate,
            IncludeWorkers = true,
            EndOnTerminal = false,

            // The event waited for may be a Normal one in a burst: dropping it would mean waiting for ever.
            OnNormalOverflow = NormalOverflow.CatchUp,
            Name = "wait",
        };
        var subscription = bus.Subscribe(options, CancellationToken.None);
        await using (((IAsyncDisposable)subscription).ConfigureAwait(false))
        {
            using var deadline = new CancellationTokenSource(timeout ?? Timeout.InfiniteTimeSpan, bus.TimeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
            try
            {
                await foreach (var item in subscription.ReadAllAsync(either.Token).ConfigureAwait(false))
                {
                    if (!item.IsControl)
                    {
                        return item;
                    }
                }
            }
            catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"No event of topic '{topic}' met the condition within {timeout}. Look further back with 'since', or wait longer.", exception);
            }

            var reason = subscription.EndReason!.Value; // The enumeration finishes only when it has ended.
            throw new EventStreamEndedException(
                $"The stream of topic '{topic}' ended ({reason}) before an event met the condition.", reason, subscription.Exception);
        }
    }
}
