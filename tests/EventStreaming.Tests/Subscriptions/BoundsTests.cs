using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class BoundsTests : BusFixture
{
    [Test]
    public void Normal_events_leave_the_critical_reserve_free([Values(1, 3, 7)] int reserve)
    {
        var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 8, CriticalReserve = reserve });
        Bus.PublishMany(Topic, SampleTypes.Delta, 20);
        Assert.That((reader.Queued, reader.Dropped), Is.EqualTo((8L - reserve, 12L + reserve)));

        Bus.PublishMany(Topic, SampleTypes.Asked, reserve);
        Assert.That((reader.Queued, reader.IsLagging), Is.EqualTo((8L, false)), "The reserve is for these.");
        Bus.Publish(Topic, SampleTypes.Asked);
        Assert.That((reader.Queued, reader.IsLagging), Is.EqualTo((8L, true)));
    }

    [Test]
    public void An_eighth_is_reserved_where_nothing_else_is_said([Values(2, 7, 16, 80)] int capacity)
    {
        var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = capacity });
        Bus.PublishMany(Topic, SampleTypes.Delta, 100);
        Assert.That(reader.Queued, Is.EqualTo(capacity - Math.Max(1, capacity / 8)));
    }

    [Test]
    public void What_waits_is_bounded_in_bytes_too_with_the_same_share_reserved()
    {
        // 1,800 of 2,400 bytes for Normal events of 400.
        var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 100, CriticalReserve = 25, MaxBytes = 2_400 });
        for (var i = 0; i < 6; i++)
        {
            Bus.Publish(Topic, SampleTypes.Delta, new byte[400 - EventSize.Envelope]);
        }

        Assert.That((reader.Queued, reader.Dropped), Is.EqualTo((4L, 2L)));
        Bus.Publish(Topic, SampleTypes.Asked, new byte[400 - EventSize.Envelope]);
        Bus.Publish(Topic, SampleTypes.Asked, new byte[400 - EventSize.Envelope]);
        Assert.That((reader.Queued, reader.IsLagging), Is.EqualTo((6L, false)));
        Bus.Publish(Topic, SampleTypes.Asked);
        Assert.That(reader.IsLagging, Is.True);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "2", "3", "4", "gap 5-6 (2 Overflow)", "7", "8", "9"]));
    }

    [Test]
    public void An_event_larger_than_all_the_room_is_delivered_to_a_reader_that_has_read_everything()
    {
        var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, MaxBytes = 1_024 });
        Bus.Publish(Topic, SampleTypes.Delta, new byte[10_000]);
        Bus.Publish(Topic, SampleTypes.Delta, new byte[10_000]);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "gap 2-2 (1 Overflow)"]));
        Bus.Publish(Topic, SampleTypes.Delta, new byte[10_000]);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["3"]));
    }

    [Test]
    public async Task Room_that_was_read_is_free_again_by_count_and_by_bytes([Values] bool inBatches)
    {
        var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 4, CriticalReserve = 1, MaxBytes = 1_024 });
        var buffer = new StreamEvent[8];
        for (var i = 0; i < 100; i++)
        {
            Bus.PublishMany(Topic, SampleTypes.Delta, 3);
            Assert.That(inBatches ? await reader.ReadAsync(buffer) : reader.ReadAvailable().Count, Is.EqualTo(3));
        }

        Assert.That((reader.Delivered, reader.Dropped, reader.Queued), Is.EqualTo((300L, 0L, 0L)));
    }

    [Test]
    public void The_replay_takes_no_room_from_what_is_live()
    {
        Bus.PublishMany(Topic, SampleTypes.Delta, 3);
        var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 4, CriticalReserve = 1 });
        Bus.PublishMany(Topic, SampleTypes.Delta, 3);
        Assert.That(reader.Dropped, Is.Zero);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo(Enumerable.Range(1, 6)));
    }

    [Test]
    public async Task Beyond_the_most_subscriptions_another_is_refused_with_a_remedy_until_one_has_ended()
    {
        await using var bus = SampleTypes.CreateBus(static options => options.MaxSubscriptions = 2);
        var first = bus.Subscribe(Topic);
        bus.Subscribe(new SubscriptionOptions());
        Assert.That(
            () => bus.Subscribe(Topic),
            Throws.TypeOf<SubscriptionLimitException>().With.Message.Contains("2 subscriptions").And.Message.Contains("MaxSubscriptions").And.Message.Contains("Dispose"));

        await first.DisposeAsync();
        Assert.That(() => bus.Subscribe(Topic), Throws.Nothing);
    }
}
