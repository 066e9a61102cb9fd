using System.Collections.Concurrent;

namespace EventStreaming.Tests.Stress;

/// <summary>
/// Publishers on threads of their own, readers that stay and readers that come and go, on a few topics that are now and then closed and begin
/// anew.
/// </summary>
internal sealed class StressLoad(EventBus bus, int publishers, int eventsPerPublisher, TimeSpan patience) : IDisposable
{
    public static readonly EventCatalog Catalog = new(
        new EventTypeDescriptor("alert") { Critical = true },
        new EventTypeDescriptor("progress") { LatestWins = true });

    private const int EventsPerLife = 40_000;
    private const int EventsPerVisit = 500;
    private static readonly string[] s_topics = ["a", "b", "c", "d", "e", "f"];

    private readonly ConcurrentQueue<SequenceAudit> _audits = [];
    private readonly ConcurrentQueue<WeakReference> _subscriptions = [];
    private readonly ConcurrentQueue<Visitor> _visitors = [];
    private readonly SemaphoreSlim _visits = new(0);

    public PublishedLog Published { get; } = new();

    public IReadOnlyCollection<SequenceAudit> Audits => _audits;

    /// <summary>Every subscription that was made, not kept alive by this.</summary>
    public IReadOnlyCollection<WeakReference> Subscriptions => _subscriptions;

    /// <summary>Runs until all is published and every reader has ended.</summary>
    public async Task RunAsync()
    {
        // Subscribed before anything is published, so they must account for all of it.
        Task[] readers =
        [
            StayAsync(new SubscriptionOptions { From = EventCursor.Start, Capacity = 1 << 16, Name = "witness" }),
            StayAsync(new SubscriptionOptions { From = EventCursor.Start, Capacity = 64, Name = "slow witness" }),
            .. Enumerable.Range(0, 8).Select(ComeAndGoAsync),
            .. Enumerable.Range(0, 2).Select(ComeAndGoEverywhereAsync),
            .. Enumerable.Range(0, 2).Select(seed => OnThreadAsync(() => PollAndGo(seed))),
        ];
        await Task.WhenAll(Enumerable.Range(0, publishers).Select(seed => OnThreadAsync(() => Publish(seed))));
        bus.StopReaders();
        await Task.WhenAll(readers);
        _visitors.Clear();
    }

    public void Dispose() => _visits.Dispose();

    private void Publish(int seed)
    {
        var random = new Random(seed);
        for (var i = 1; i <= eventsPerPublisher; i++)
        {
            var topic = s_topics[random.Next(s_topics.Length)];
            var type = random.Next(20) switch { 0 => "alert", 1 => "progress", _ => "note" };
            Published.Record(bus.Publish(topic, type));
            if (i % EventsPerLife == 0)
            {
                bus.CloseTopic(topic);
            }

            if (i % EventsPerVisit == 0)
            {
                // In step with the readers, who would otherwise hardly get a turn before it is all over.
                SendAway(random);
            }
        }
    }

    /// <summary>Ends the visitor that has been there longest, from this thread, and waits until a visit is over.</summary>
    private void SendAway(Random random)
    {
        if (!_visitors.TryDequeue(out var visitor))
        {
            return;
        }

        if (random.Next(2) == 0)
        {
            visitor.Cancellation.Cancel();
        }
        else
        {
            _ = visitor.Subscription.DisposeAsync().AsTask();
        }

        if (!_visits.Wait(patience))
        {
            throw new TimeoutException("No visit is over: a reader that was ended does not end.");
        }
    }

    private async Task StayAsync(SubscriptionOptions options)
    {
        EndReason? reason = null;
        for (var visit = 0; reason is null or EndReason.SlowConsumer; visit++)
        {
            // Only the first visit is a witness: who was too slow for a critical event comes back as any other.
            reason = (await VisitAsync(options, int.MaxValue, Leaving.Never, isWitness: visit == 0)).Reason;
        }
    }

    private async Task ComeAndGoAsync(int seed)
    {
        var random = new Random(seed);
        EventCursor? cursor = null;
        var topic = s_topics[0];
        while (!bus.IsStopping)
        {
            if (cursor is null || random.Next(3) == 0)
            {
                topic = s_topics[random.Next(s_topics.Length)];
                cursor = random.Next(4) switch { 0 => EventCursor.Start, 1 => EventCursor.End, 2 => cursor, _ => null };
            }

            var options = new SubscriptionOptions
            {
                Topic = topic,
                From = cursor,
                Capacity = random.Next(2, 100),
                OnCriticalOverflow = random.Next(3) == 0 ? CriticalOverflow.Disconnect : CriticalOverflow.CatchUp,
                Name = $"reader {seed}",
            };
            cursor = (await VisitAsync(options, random.Next(1, 5_000), (Leaving)random.Next(3))).Cursor;
        }
    }

    private async Task ComeAndGoEverywhereAsync(int seed)
    {
        var random = new Random(seed);
        while (!bus.IsStopping)
        {
            var options = new SubscriptionOptions
            {
                From = random.Next(3) switch { 0 => EventCursor.Start, 1 => EventCursor.End, _ => null },
                Capacity = random.Next(2, 100),
                Name = $"reader of all {seed}",
            };
            await VisitAsync(options, random.Next(1, 5_000), (Leaving)random.Next(3));
        }
    }

    /// <summary>
    /// A reader that never waits: it is nearly always just finding its channel empty, so it is there that it is preempted, and for long
    /// enough that its few places fill and overflow meanwhile.
    /// </summary>
    private void PollAndGo(int seed)
    {
        var random = new Random(seed);
        while (!bus.IsStopping)
        {
            var options = new SubscriptionOptions
            {
                Topic = random.Next(4) == 0 ? null : s_topics[random.Next(s_topics.Length)],
                From = EventCursor.Start,
                Capacity = random.Next(2, 6),
                Name = $"polling reader {seed}",
            };
            var subscription = bus.Subscribe(options);
            var audit = Track(subscription, options);
            for (var left = random.Next(1, 20_000); left > 0 || subscription.EndReason is null;)
            {
                if (subscription.TryRead(out var item))
                {
                    audit.OnItem(item);
                    left--;
                }
                else if (subscription.EndReason is not null)
                {
                    break;
                }

                if (left == 0)
                {
                    _ = subscription.DisposeAsync().AsTask();
                }
            }

            while (subscription.TryRead(out var item))
            {
                audit.OnItem(item);
            }

            if (!SpinWait.SpinUntil(() => subscription.Completion.IsCompleted, patience))
            {
                throw new TimeoutException("A subscription that has ended does not complete.");
            }

            audit.End(subscription, subscription.EndReason!.Value);
        }
    }

    private SequenceAudit Track(EventSubscription subscription, SubscriptionOptions options, bool isWitness = false)
    {
        var audit = new SequenceAudit(Published, isWitness, options.Name!);
        audit.Begin(subscription, options.From);
        _audits.Enqueue(audit);
        _subscriptions.Enqueue(new WeakReference(subscription));
        return audit;
    }

    /// <summary>Subscribes, reads so many events at most, leaves in one way or another, and reads on to the end.</summary>
    private async Task<(EndReason Reason, EventCursor? Cursor)> VisitAsync(SubscriptionOptions options, int count, Leaving leaving, bool isWitness = false)
    {
        var cancellation = new CancellationTokenSource();
        var subscription = bus.Subscribe(options, cancellation.Token);
        if (leaving != Leaving.Never)
        {
            _visitors.Enqueue(new Visitor(subscription, cancellation));
        }

        var audit = Track(subscription, options, isWitness);
        var random = new Random(count);
        var buffer = new StreamEvent[32];
        var left = Task.CompletedTask;
        for (int read; (read = await subscription.ReadAsync(buffer.AsMemory(0, random.Next(1, buffer.Length + 1)))) > 0;)
        {
            foreach (var item in buffer.AsSpan(0, read))
            {
                audit.OnItem(item);
            }

            var before = count;
            count = Math.Max(0, count - read);
            if (before > 0 && count == 0)
            {
                left = LeaveAsync(subscription, cancellation, leaving);
            }

            if (random.Next(64) == 0)
            {
                // A reader that is slow at times, and gives its thread away.
                await Task.Yield();
                Thread.SpinWait(random.Next(20_000));
            }
        }

        await left;
        var reason = await subscription.Completion;
        audit.End(subscription, reason);
        if (leaving != Leaving.Never)
        {
            _visits.Release();
        }

        return (reason, subscription.Cursor);
    }

    private static Task LeaveAsync(EventSubscription subscription, CancellationTokenSource cancellation, Leaving leaving) => leaving switch
    {
        Leaving.ByDispose => subscription.DisposeAsync().AsTask(),
        Leaving.ByOtherThread => Task.Run(() => subscription.DisposeAsync().AsTask()),
        Leaving.ByToken => cancellation.CancelAsync(),
        _ => Task.CompletedTask,
    };

    public static Task OnThreadAsync(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed record Visitor(EventSubscription Subscription, CancellationTokenSource Cancellation);

    private enum Leaving
    {
        ByDispose,
        ByOtherThread,
        ByToken,
        Never,
    }
}
