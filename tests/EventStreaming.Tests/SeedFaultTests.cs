using System.Collections.Concurrent;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests;

/// <summary>
/// An earlier event stream for agents had these faults: an SSE route with a queue of 1,000 per client, fed by a handler of the bus and, after
/// subscribing, by a loop over the bus's history. Each test says which, and would fail with its way of working.
/// </summary>
internal sealed class SeedFaultTests
{
    private const string Topic = "session-1";

    /// <summary>
    /// It subscribed first and then walked the history, awaiting in between: what was published during the walk came twice (from the
    /// handler and from the history), and before older events. Here the two halves of the seam are one step.
    /// </summary>
    [Test]
    [Category("Concurrency")]
    public async Task Replay_and_live_are_neither_interleaved_nor_doubled()
    {
        const int Count = 10_000;
        await using var bus = SampleTypes.CreateBus(static options => options.History.Capacity = 1 << 14);
        bus.PublishMany(Topic, SampleTypes.Delta, Count / 2);
        var publishing = Task.Run(() => bus.PublishMany(Topic, SampleTypes.Delta, Count / 2));
        var readers = new List<EventSubscription>();
        do
        {
            readers.Add(bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 1 << 14 }));
        }
        while (!publishing.IsCompleted && readers.Count < 200);

        await publishing.WithinSafetyAsync();
        foreach (var reader in readers)
        {
            Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo(Enumerable.Range(1, Count)));
        }
    }

    /// <summary>
    /// It kept four lists of names by hand (defaults, critical, replayed, allowed from workers), and they disagreed: one named a type that
    /// no longer existed, others missed new ones. Here a type says once what it is; that alone makes it critical, replayed and shown.
    /// </summary>
    [Test]
    public async Task A_type_declared_critical_is_so_everywhere_without_being_on_any_list()
    {
        var added = new EventTypeDescriptor("credentials.required") { Critical = true, SurfaceFromWorkers = true };
        await using var bus = new EventBus(new EventStreamingOptions { History = { Capacity = 2 } }, new EventCatalog(added));
        var slow = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        bus.PublishMany(Topic, SampleTypes.Delta, 10);
        var asked = bus.Publish(Topic, new EventDraft(added.Name) { Source = "worker:1" });
        Assert.That(slow.ReadAvailable(), Does.Contain(asked), "Default types, worker filter, admission to a full channel.");

        bus.PublishMany(Topic, SampleTypes.Delta, 10);
        Assert.That(bus.Subscribe(Topic).ReadAvailable(), Does.Contain(asked), "Retention and replay.");
    }

    /// <summary>
    /// Its replay went into the live queue and stopped when that was full, without a word: a client of a long session began with the
    /// oldest events and then lost the live ones. Here the replay waits beside the channel, which stays free for what is live.
    /// </summary>
    [Test]
    public async Task A_replay_larger_than_the_channel_is_complete_and_takes_no_room_from_live_events()
    {
        await using var bus = SampleTypes.CreateBus();
        bus.PublishMany(Topic, SampleTypes.Delta, 2_000);
        var reader = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 16 });
        bus.PublishMany(Topic, SampleTypes.Delta, 40);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo(Enumerable.Range(1, 2_040)));
        Assert.That(reader.Dropped, Is.Zero);
    }

    /// <summary>
    /// Its allow-list for workers had reports and ends only: a worker that asked the user something waited for ever, because nobody saw
    /// the question. Here what surfaces is said by the type, and a question does.
    /// </summary>
    [Test]
    public async Task A_workers_question_reaches_the_sessions_reader_live_replayed_and_resumed()
    {
        await using var bus = SampleTypes.CreateBus();
        var live = bus.Subscribe(Topic);
        bus.Publish(Topic, new EventDraft(SampleTypes.Delta) { Source = "worker:1" });
        var asked = bus.Publish(Topic, new EventDraft(SampleTypes.Asked) { Source = "worker:1" });
        foreach (var reader in new[] { live, bus.Subscribe(Topic), bus.Subscribe(Topic, EventCursor.Start) })
        {
            Assert.That(reader.ReadAvailable(), Is.EqualTo([asked]));
        }
    }

    /// <summary>
    /// Its bus awaited every handler inside publish: one slow handler stalled the publisher, and with it everyone. Here a handler that
    /// never returns is noticed by nobody else.
    /// </summary>
    [Test]
    [Category("Concurrency")]
    public async Task A_handler_that_never_returns_stalls_neither_publisher_nor_others()
    {
        await using var bus = new EventBus(new EventStreamingOptions { ShutdownTimeout = TimeSpan.Zero }, SampleTypes.Catalog);
        var (entered, never) = (Signals.Create(), Signals.Create());
        var handled = 0;
        bus.Subscribe(new SubscriptionOptions { Topic = Topic }, async (_, _) =>
        {
            entered.TrySetResult();
            await never.Task;
        });
        var other = bus.Subscribe(
            new SubscriptionOptions { Topic = Topic },
            (_, _) =>
            {
                handled++;
                return ValueTask.CompletedTask;
            });
        bus.Publish(Topic, SampleTypes.Asked);
        await entered.Task.WithinSafetyAsync();
        await Task.Run(() => bus.PublishMany(Topic, SampleTypes.Asked, 1_500)).WithinSafetyAsync();
        bus.Publish(Topic, SampleTypes.Completed);
        await other.Completion.WithinSafetyAsync();
        Assert.That(handled, Is.EqualTo(1_502));
    }

    /// <summary>
    /// Its bus took handlers in turn under a semaphore, held while they ran: a handler that published waited for itself. Here no user code
    /// runs under any lock, so handlers of two topics may publish to each other's, from as many threads as there are.
    /// </summary>
    [Test]
    [Category("Concurrency")]
    public async Task Handlers_that_publish_to_each_others_topics_do_not_deadlock()
    {
        const int Rounds = 500;
        await using var bus = SampleTypes.CreateBus();
        var seen = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var subscriptions = new[] { ("a", "b"), ("b", "a") }.Select(pair => bus.Subscribe(
            new SubscriptionOptions { Topic = pair.Item1, OnNormalOverflow = NormalOverflow.CatchUp, Capacity = 4 },
            (item, _) =>
            {
                // Nested in a handler: to the other's topic, and to its own.
                var count = seen.AddOrUpdate(pair.Item1, 1, static (_, before) => before + 1);
                if (count <= Rounds)
                {
                    bus.Publish(pair.Item2, SampleTypes.Delta);
                    bus.Publish(pair.Item1, count == Rounds ? SampleTypes.Completed : SampleTypes.Asked);
                }

                return ValueTask.CompletedTask;
            })).ToList();
        await Task.WhenAll(Task.Run(() => bus.Publish("a", SampleTypes.Delta)), Task.Run(() => bus.Publish("b", SampleTypes.Delta))).WithinSafetyAsync();
        foreach (var subscription in subscriptions)
        {
            Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
        }

        Assert.That(seen.Values, Has.All.GreaterThanOrEqualTo(Rounds));
    }

    /// <summary>
    /// Its history was a list, cut by copying its tail when it had grown too long: every publish beyond the limit allocated and copied all
    /// of it. Here the ring overwrites its oldest place: once full, appending allocates not a byte.
    /// </summary>
    [Test]
    public void Appending_to_a_full_history_allocates_nothing()
    {
        var options = new HistoryOptions { Capacity = 1_000, CriticalCapacity = 100 };
        var history = new EventHistory(options, static _ => { });
        var items = Enumerable.Range(1, 8_000).Select(static i => SampleEvents.Create(i, critical: i % 5 == 0)).ToArray();
        foreach (var item in items.AsSpan(0, 4_000))
        {
            history.Append(item);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var item in items.AsSpan(4_000))
        {
            history.Append(item);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(history.Count, Is.EqualTo(1_100));
    }

    /// <summary>Publishing with a full history, to nobody and to a reader that keeps up, allocates the event and nothing that grows with the history.</summary>
    [Test]
    public async Task Publishing_beyond_the_historys_capacity_costs_the_same_whatever_the_capacity()
    {
        var small = await MeasureAsync(capacity: 16);
        var large = await MeasureAsync(capacity: 8_192);
        Assert.That(large, Is.EqualTo(small));
        Assert.That(small, Is.LessThanOrEqualTo(128), "Bytes for each event.");

        static async Task<long> MeasureAsync(int capacity)
        {
            await using var bus = SampleTypes.CreateBus(options => options.History.Capacity = capacity);
            bus.PublishMany(Topic, SampleTypes.Delta, 20_000);
            var before = GC.GetAllocatedBytesForCurrentThread();
            bus.PublishMany(Topic, SampleTypes.Delta, 1_000);
            return (GC.GetAllocatedBytesForCurrentThread() - before) / 1_000;
        }
    }
}
