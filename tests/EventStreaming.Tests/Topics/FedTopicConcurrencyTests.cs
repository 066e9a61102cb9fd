using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Topics;

/// <summary>One feeds, many read, come back and leave, and someone closes the topic.</summary>
[Category("Concurrency")]
internal sealed class FedTopicConcurrencyTests
{
    private const string Topic = Feeding.Topic;
    private const int Count = 20_000;

    // Beyond it the oldest are told as one, with what lies between them: places where nothing ever was, too.
    private const int MaxLossesApart = 64;

    [Test]
    public async Task Every_reader_gets_everything_fed_once_and_in_order_or_is_told_what_is_lost([Values(2, 64, 4_096)] int capacity)
    {
        await using var bus = SampleTypes.CreateBus(static options =>
        {
            options.History.Capacity = 512;
            options.History.CriticalCapacity = 1 << 16;
            options.History.CriticalMaxBytes = 1 << 30;
        });
        var log = new FedLog();
        using var feed = bus.OpenFeed(behind: 10);
        var readers = Enumerable.Range(0, 6).Select(i => bus.Subscribe(new SubscriptionOptions
        {
            Topic = i == 5 ? null : Topic,
            From = i == 5 ? null : Feeding.At(10),
            Capacity = capacity,
            OnNormalOverflow = i % 2 == 0 ? NormalOverflow.Drop : NormalOverflow.CatchUp,
        })).ToList();
        var reading = readers.Where(static reader => reader.Topic is not null).Select(static reader => Task.Run(reader.ReadToEndAsync)).ToList();
        var all = new List<StreamEvent>();
        var readingAll = Task.Run(async () =>
        {
            await foreach (var item in readers[5])
            {
                all.Add(item);
            }
        });
        var closing = new Lock();
        var reconnecting = ReconnectAsync(bus, feed, closing);

        await Task.Run(() => Feed(feed, log, new Random(capacity))).WithinSafetyAsync();
        lock (closing)
        {
            bus.CloseTopic(Topic);
        }

        foreach (var items in await Task.WhenAll(reading).WithinSafetyAsync())
        {
            Assert.That(log.FindFault(items, behind: 10), Is.Null);
        }

        Assert.That(readers.Take(5).Select(static reader => reader.EndReason), Is.All.EqualTo(EndReason.TopicClosed));
        Assert.That(log.FindFault(await reconnecting.WithinSafetyAsync(), behind: 10), Is.Null);
        await bus.DisposeAsync();
        await readingAll.WithinSafetyAsync();
        Assert.That(log.FindFault(all, behind: 10), Is.Null);
    }

    [Test]
    public async Task Closing_while_it_is_fed_loses_nothing_that_was_taken([Range(1, 20)] int seed)
    {
        await using var bus = SampleTypes.CreateBus(static options => options.History.Capacity = 1 << 16);
        var log = new FedLog();
        using var feed = bus.OpenFeed();
        var readers = Enumerable.Range(0, 4).Select(i => bus.Subscribe(new SubscriptionOptions { Topic = Topic, From = Feeding.At(0), Capacity = i % 2 == 0 ? 8 : 4_096 })).ToList();
        var reading = readers.Select(static reader => Task.Run(reader.ReadToEndAsync)).ToList();
        var halfway = Signals.Create();
        var feeding = Task.Run(() => Feed(feed, log, new Random(seed), () => halfway.TrySetResult()));
        await halfway.Task.WithinSafetyAsync();
        bus.CloseTopic(Topic);
        await feeding.WithinSafetyAsync();

        await feed.Completion.WithinSafetyAsync();
        foreach (var items in await Task.WhenAll(reading).WithinSafetyAsync())
        {
            Assert.That(log.FindFault(items, behind: 0), Is.Null);
        }

        Assert.That(readers.Select(static reader => reader.EndReason), Is.All.EqualTo(EndReason.TopicClosed));
    }

    [Test]
    public async Task Of_many_who_want_to_feed_a_topic_at_once_one_does()
    {
        await using var bus = SampleTypes.CreateBus();
        for (var round = 0; round < 200; round++)
        {
            var start = new ManualResetEventSlim();
            var opening = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                start.Wait();
                try
                {
                    return bus.OpenFeed();
                }
                catch (InvalidOperationException)
                {
                    return null;
                }
            })).ToList();
            start.Set();
            var feeds = await Task.WhenAll(opening).WithinSafetyAsync();
            Assert.That(feeds.Count(static feed => feed is not null), Is.EqualTo(1));
            feeds.Single(static feed => feed is not null)!.Dispose();
            start.Dispose();
        }
    }

    [Test]
    public async Task Whoever_subscribes_while_the_state_changes_is_told_the_last_one()
    {
        await using var bus = SampleTypes.CreateBus();
        using var feed = bus.OpenFeed();
        for (var round = 0; round < 100; round++)
        {
            feed.Announce(UpstreamStatus.Connected);
            var subscribing = Enumerable.Range(0, 3).Select(_ => Task.Run(() => bus.Subscribe(Topic))).ToList();
            feed.Announce(UpstreamStatus.Reconnecting);
            feed.Announce(UpstreamStatus.Down);
            foreach (var reader in await Task.WhenAll(subscribing).WithinSafetyAsync())
            {
                Assert.That(reader.ReadAvailable().Summaries().LastOrDefault(), Is.EqualTo("upstream Down"));
                await reader.DisposeAsync();
            }
        }
    }

    /// <summary>Feeds with holes, losses, repetitions and notices, until it has fed enough or the feed is closed.</summary>
    private static void Feed(TopicFeed feed, FedLog log, Random random, Action? halfway = null)
    {
        var sequence = feed.Head.Sequence;
        var losses = 0;
        for (var i = 0; i < Count; i++)
        {
            sequence += random.Next(4) == 0 ? random.Next(1, 4) : 1;
            var isCritical = random.Next(4) == 0;
            bool isTaken;
            if (losses < MaxLossesApart && random.Next(40) == 0)
            {
                losses++;
                var gap = new Gap(sequence, sequence + random.Next(3), 1, GapReason.Evicted);
                isTaken = feed.TryAppendGap(gap);
                if (isTaken)
                {
                    log.OnLost(gap);
                    sequence = gap.To;
                }
            }
            else
            {
                isTaken = feed.Append(sequence, isCritical ? SampleTypes.Asked : SampleTypes.Delta);
                if (isTaken)
                {
                    log.OnFed(sequence, isCritical);
                }
            }

            if (!isTaken)
            {
                Assert.That(feed.IsClosed, Is.True);
                return;
            }

            if (random.Next(20) == 0)
            {
                Assert.That(feed.Append(Math.Max(1, sequence - random.Next(5))), Is.False);
                feed.Announce((UpstreamStatus)random.Next(3));
            }

            if (i == Count / 2)
            {
                halfway?.Invoke();
            }
        }
    }

    /// <summary>Reads a little, leaves, and resumes behind what it has read, again and again until the topic is closed.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="feed">Feeds the topic.</param>
    /// <param name="closing">Held by whoever closes the topic: what it holds is gone for a reader who is away just then.</param>
    private static async Task<List<StreamEvent>> ReconnectAsync(EventBus bus, TopicFeed feed, Lock closing)
    {
        var items = new List<StreamEvent>();
        var place = Feeding.At(10);
        for (var reader = Resume(); reader is not null;)
        {
            EventSubscription? next = null;
            await foreach (var item in reader)
            {
                items.Add(item);
                if (item.Cursor.EpochToken.Length > 0)
                {
                    place = item.Cursor;
                }

                if (items.Count % 50 == 0 && (next = Resume()) is not null)
                {
                    break;
                }
            }

            await reader.DisposeAsync();
            reader = next;
        }

        return items;

        EventSubscription? Resume()
        {
            lock (closing)
            {
                return feed.IsClosed ? null : bus.Subscribe(new SubscriptionOptions { Topic = Topic, From = place, Capacity = 16 });
            }
        }
    }
}
