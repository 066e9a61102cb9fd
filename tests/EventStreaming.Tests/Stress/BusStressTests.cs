using System.Globalization;
using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace EventStreaming.Tests.Stress;

/// <summary>
/// Every core is kept busy by more threads than there are. <c>EVENTSTREAMING_STRESS=10</c> in the environment makes the tests ten times as
/// long.
/// </summary>
[NonParallelizable]
internal sealed class BusStressTests
{
    private static readonly int s_factor = int.Parse(Environment.GetEnvironmentVariable("EVENTSTREAMING_STRESS") ?? "1", CultureInfo.InvariantCulture);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120) * s_factor;

    [Test]
    public async Task A_million_events_later_every_reader_that_came_and_went_can_account_for_every_sequence()
    {
        const int publishers = 5;
        const int perPublisher = 210_000;
        using var busy = new BusyCores();
        using var ends = new EndCounter("stress");
        await using var bus = new EventBus(
            new EventStreamingOptions { History = new HistoryOptions { Capacity = 512, CriticalCapacity = 256 } }, StressLoad.Catalog, name: "stress");

        using var load = await RunAsync(bus, publishers, perPublisher * s_factor);

        Assert.That(load.Published.Count, Is.EqualTo(publishers * perPublisher * (long)s_factor));
        foreach (var audit in load.Audits)
        {
            audit.Verify();
        }

        Assert.That(load.Audits.SelectMany(static audit => audit.Faults).Take(20), Is.Empty);
        Assert.That(bus.SubscriptionCount, Is.Zero);
        Assert.That(bus.Topics.Select(static topic => topic.Subscriptions), Is.All.Zero);
        Assert.That(ends.Count, Is.EqualTo(load.Subscriptions.Count), "each subscription ends once");
        Assert.That(load.Subscriptions, Has.Count.GreaterThan(1_000));
        Assert.That(CountAlive(load.Subscriptions), Is.Zero, "nothing keeps a finished subscription alive");
    }

    [Test]
    public async Task Handlers_that_publish_where_they_read_and_elsewhere_neither_deadlock_nor_lose_a_link_of_the_chain()
    {
        const int depth = 4;
        var seeds = 1_500 * s_factor;
        var perSeed = (1 << (depth + 1)) - 1;
        string[] topics = ["a", "b", "c"];
        using var busy = new BusyCores();
        var roomForAll = new HistoryOptions { Capacity = 1 << 20, MaxBytes = 1L << 30 };
        await using var bus = new EventBus(new EventStreamingOptions { History = roomForAll }, StressLoad.Catalog);
        var handled = new Countdown(seeds * perSeed);
        var seen = new Countdown(seeds * perSeed);
        foreach (var topic in topics)
        {
            bus.Subscribe(new SubscriptionOptions { Topic = topic, Capacity = 16, Name = topic }, (item, _) =>
            {
                if (item.Data is int links and > 0)
                {
                    bus.Publish(topic, "alert", links - 1);
                    bus.Publish(topics[(Array.IndexOf(topics, topic) + 1) % topics.Length], "alert", links - 1);
                }

                handled.Signal();
                return ValueTask.CompletedTask;
            });
        }

        bus.Subscribe(new SubscriptionOptions { Capacity = 16, Name = "all" }, (item, _) =>
        {
            // One that reads everything, its own words included, and answers only to what is not an answer.
            if (item.Type is "alert")
            {
                bus.Publish("echo", "note");
                seen.Signal();
            }

            return ValueTask.CompletedTask;
        });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(publisher => Task.Run(() =>
        {
            for (var i = publisher; i < seeds; i += 4)
            {
                bus.Publish(topics[i % topics.Length], "alert", depth);
            }
        })));

        await Task.WhenAll(handled.Reached, seen.Reached).WaitAsync(s_patience);
        Assert.That(topics.Sum(topic => bus.FindTopic(topic)!.Head.Sequence), Is.EqualTo(seeds * (long)perSeed));
        Assert.That(bus.FindTopic("echo")!.Head.Sequence, Is.EqualTo(seeds * (long)perSeed));
    }

    [Test]
    public async Task A_subscription_that_is_ended_from_all_sides_at_once_ends_once([Values("t", null)] string? topic)
    {
        const int rounds = 200;
        const int perRound = 200;
        using var ends = new EndCounter("sides");
        await using var bus = new EventBus(catalog: StressLoad.Catalog, name: "sides");
        (EventSubscription Subscription, CancellationTokenSource Cancellation)[] made = [];
        using var ready = new Barrier(3, _ =>
        {
            made = [.. Enumerable.Range(0, perRound).Select(_ => Subscribe())];
            bus.Publish("t", "alert");
            bus.Publish("t", "alert");
        });
        Action<int>[] sides =
        [
            i => made[i].Cancellation.Cancel(),
            i => made[i].Subscription.End(EndReason.Faulted),
            i => Overflow(isMiddle: i == perRound / 2),
        ];

        await Task.WhenAll(sides.Select(side => StressLoad.OnThreadAsync(() =>
        {
            // They start together and go the same way, so they meet often; to meet at each step, starved threads would need minutes.
            for (var round = 0; round < rounds; round++)
            {
                ready.SignalAndWait();
                for (var i = 0; i < perRound; i++)
                {
                    side(i);
                }
            }
        }))).WaitAsync(s_patience);

        await bus.DisposeAsync();
        Assert.That(ends.Count, Is.EqualTo(rounds * perRound));

        (EventSubscription, CancellationTokenSource) Subscribe()
        {
            var cancellation = new CancellationTokenSource();
            var options = new SubscriptionOptions { Topic = topic, Capacity = 2, OnCriticalOverflow = CriticalOverflow.Disconnect };
            return (bus.Subscribe(options, cancellation.Token), cancellation);
        }

        void Overflow(bool isMiddle)
        {
            if (isMiddle)
            {
                bus.Publish("t", "alert");
                bus.CloseTopic("t");
            }
        }
    }

    private static async Task<StressLoad> RunAsync(EventBus bus, int publishers, int perPublisher)
    {
        var load = new StressLoad(bus, publishers, perPublisher, s_patience);
        await load.RunAsync().WaitAsync(s_patience);

        // Off the stack of the reader that ended last, whose thread runs what comes next, and which would seem to be alive.
        await Task.Yield();
        return load;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int CountAlive(IEnumerable<WeakReference> references)
    {
        // Several times: a pool thread may hold the last work item it ran until it runs another.
        for (var round = 0; round < 50 && references.Any(static reference => reference.IsAlive); round++)
        {
            Parallel.For(0, 64, static _ => Thread.SpinWait(1_000));
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return references.Count(static reference => reference.IsAlive);
    }

    private sealed class Countdown(long count)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _left = count;

        public Task Reached => _reached.Task;

        public void Signal()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                _reached.SetResult();
            }
        }
    }
}
