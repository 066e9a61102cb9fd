namespace EventStreaming;

/// <summary>Waits for one event: a subscription that is read until a predicate accepts.</summary>
internal sealed class EventWaiter
{
    // The longest that a timer of the runtime can count.
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly EventSubscription _subscription;
    private readonly Func<StreamEvent, bool> _predicate;
    private readonly string _topic;
    private readonly long _head;
    private long _missed;

    private EventWaiter(EventBus bus, string topic, Func<StreamEvent, bool> predicate, EventCursor? since)
    {
        _topic = topic;
        _predicate = predicate;
        _subscription = bus.Subscribe(new SubscriptionOptions
        {
            Topic = topic,
            From = since ?? EventCursor.End,
            IncludeWorkers = true,
            EndOnTerminal = false,

            // The event waited for may be a Normal one in a burst: dropping it would mean waiting for ever.
            OnNormalOverflow = NormalOverflow.CatchUp,
            Name = "wait",
        });
        _head = bus.FindTopic(topic)?.Head.Sequence ?? 0;
    }

    /// <summary>What may have kept the event from being seen; null when nothing was missed.</summary>
    private string? Missed
    {
        get
        {
            var gap = _missed == 0
                ? null
                : $" It may be one of {_missed} events that were lost before they could be looked at: raise History.Capacity, MaxBytes or MaxAge, or begin to wait earlier.";
            return _subscription.Outcome is ResumeOutcome.EpochChanged or ResumeOutcome.Ahead or ResumeOutcome.Unknown
                ? $" It may have come earlier: the cursor '{_subscription.Options.From}' leads nowhere in this topic any more ({_subscription.Outcome}).{gap}"
                : gap;
        }
    }

    public static Task<StreamEvent> WaitAsync(
        EventBus bus, string topic, Func<StreamEvent, bool> predicate, EventCursor? since, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        // Here and not where the clock starts: by then there would be a topic and a subscription.
        if (timeout is { } given && given != Timeout.InfiniteTimeSpan && (given < TimeSpan.Zero || given > s_longest))
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), given, $"timeout is {given}; set it between {TimeSpan.Zero} and {s_longest}, or to null to wait for ever.");
        }

        return WaitCoreAsync(bus, topic, predicate, since, timeout ?? Timeout.InfiniteTimeSpan, cancellationToken);
    }

    private static async Task<StreamEvent> WaitCoreAsync(
        EventBus bus, string topic, Func<StreamEvent, bool> predicate, EventCursor? since, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var waiter = new EventWaiter(bus, topic, predicate, since);
        await using (((IAsyncDisposable)waiter._subscription).ConfigureAwait(false))
        {
            using var deadline = new CancellationTokenSource(timeout, bus.TimeProvider);
            try
            {
                return await waiter.ReadAsync(deadline.Token, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"No event of topic '{topic}' met the condition within {timeout}.{waiter.Missed ?? " Look further back with 'since', or wait longer."}", exception);
            }
        }
    }

    private async Task<StreamEvent> ReadAsync(CancellationToken deadline, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline);
        for (var more = true; ; more = await _subscription.WaitAsync(either.Token).ConfigureAwait(false))
        {
            while (_subscription.TryRead(out var item))
            {
                cancellationToken.ThrowIfCancellationRequested();

                // Tested here and not as the subscription's own predicate: so deadline and token are looked at for each event.
                if (Accepts(item))
                {
                    return item;
                }

                // What was there when the wait began is looked through however short the timeout is.
                if (item.Sequence >= _head)
                {
                    deadline.ThrowIfCancellationRequested();
                }
            }

            if (!more)
            {
                var reason = _subscription.EndReason!.Value; // There is no more only when it has ended.
                throw new EventStreamEndedException(
                    $"The stream of topic '{_topic}' ended ({reason}) before an event met the condition.{Missed}", reason, _subscription.Exception);
            }
        }
    }

    private bool Accepts(StreamEvent item)
    {
        if (!item.IsControl)
        {
            return _predicate(item);
        }

        _missed += item.Data is Gap gap ? gap.Count : 0;
        return false;
    }
}
