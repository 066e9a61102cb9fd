using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

/// <summary>Order, and the seam between what is replayed and what is live.</summary>
[Category("Concurrency")]
internal sealed class SeamTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task The_first_live_event_is_the_one_behind_the_last_replayed()
    {
        await using var bus = SampleTypes.CreateBus();
        bus.PublishMany(Topic, SampleTypes.Delta, 5);
        await using var reader = bus.Subscribe(Topic);
        bus.PublishMany(Topic, SampleTypes.Delta, 5);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo(Enumerable.Range(1, 10)));
    }

    [Test]
    public async Task A_reader_that_joins_while_others_publish_gets_everything_once_and_in_order([Values(2, 1_024)] int capacity)
    {
        const int PerPublisher = 4_000;
        await using var bus = SampleTypes.CreateBus(static options => options.History.Capacity = 1 << 14);
        var publishers = Enumerable.Range(0, 2)
            .Select(_ => Task.Run(() => bus.PublishMany(Topic, SampleTypes.Asked, PerPublisher)))
            .ToList();
        var readers = Enumerable.Range(0, 12)
            .Select(_ => Task.Run(() => bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = capacity }).ReadToEndAsync()))
            .ToList();
        await Task.WhenAll(publishers).WithinSafetyAsync();
        bus.Publish(Topic, SampleTypes.Completed);

        foreach (var items in await Task.WhenAll(readers).WithinSafetyAsync())
        {
            Assert.That(items.Sequences(), Is.EqualTo(Enumerable.Range(1, (2 * PerPublisher) + 1)));
        }
    }

    [Test]
    public async Task A_client_that_reconnects_again_and_again_while_others_publish_gets_everything_once()
    {
        const int Count = 6_000;
        await using var bus = SampleTypes.CreateBus(static options => options.History.Capacity = 1 << 14);
        var publisher = Task.Run(() =>
        {
            bus.PublishMany(Topic, SampleTypes.Delta, Count);
            bus.Publish(Topic, SampleTypes.Completed);
        });
        var seen = new List<long>();
        EventCursor? place = EventCursor.Start;
        while (seen.Count <= Count && (seen.Count == 0 || seen[^1] <= Count))
        {
            await using var connection = bus.Subscribe(Topic, place);
            foreach (var item in connection.ReadAvailable().Take(100))
            {
                seen.Add(item.Sequence);
                place = item.Cursor;
            }
        }

        await publisher.WithinSafetyAsync();
        Assert.That(seen, Is.EqualTo(Enumerable.Range(1, Count + 1)));
    }

    [Test]
    public async Task Every_reader_sees_the_publishers_in_the_same_order()
    {
        await using var bus = SampleTypes.CreateBus(static options => options.History.Capacity = 1 << 14);
        await using var first = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 1 << 14 });
        await using var second = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 1 << 14 });
        var published = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () => Enumerable.Range(0, 1_000).Select(i => bus.Publish(Topic, SampleTypes.Delta, i)).ToList()))).WithinSafetyAsync();

        var items = first.ReadAvailable();
        Assert.That(items, Has.Count.EqualTo(4_000));
        Assert.That(items, Is.EqualTo(second.ReadAvailable()));
        foreach (var own in published)
        {
            Assert.That(items.Where(own.ToHashSet().Contains), Is.EqualTo(own), "A publisher's own events are in the order of its calls.");
        }
    }
}
