using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

/// <summary>
/// What topics had for a reader of all of them is kept when they close, within bounds: as many topics as its channel holds events, and eight
/// times its bytes.
/// </summary>
internal sealed class ClosedTopicsBoundsTests
{
    private const int Capacity = 4;
    private const int MaxBytes = 1_024;

    private EventBus _bus = null!; // Made anew for each test.

    [SetUp]
    public void Create() => _bus = SampleTypes.CreateBus();

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public async Task As_many_closed_topics_as_it_has_room_for_events_are_kept_and_one_more_ends_it_as_slow([Values] bool lagging)
    {
        var reader = SubscribeAndFill();
        for (var i = 0; i < Capacity; i++)
        {
            CloseUnread($"closed-{i}", lagging);
        }

        Assert.That(reader.EndReason, Is.Null);
        CloseUnread("one-more", lagging);
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.SlowConsumer));
    }

    [Test]
    public void All_that_is_kept_is_read([Values] bool lagging)
    {
        var reader = SubscribeAndFill();
        for (var i = 0; i < Capacity; i++)
        {
            CloseUnread($"closed-{i}", lagging);
        }

        var kept = reader.ReadAvailable().Where(static item => item.Topic.StartsWith("closed-", StringComparison.Ordinal));
        Assert.That(
            kept.Select(static item => $"{item.Topic} {(item.IsControl ? "gap" : "event")}"),
            Is.EqualTo(Enumerable.Range(0, Capacity).Select(i => $"closed-{i} {(lagging ? "event" : "gap")}")));
    }

    [Test]
    public void What_was_fetched_gives_its_room_back()
    {
        var reader = SubscribeAndFill();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < Capacity; i++)
            {
                CloseUnread($"closed-{i}", lagging: true);
            }

            Assert.That(reader.EndReason, Is.Null);
            Assert.That(reader.ReadAvailable().Count(static item => item.Topic.StartsWith("closed-", StringComparison.Ordinal)), Is.EqualTo(Capacity));
            Fill();
        }
    }

    [Test]
    public async Task Closed_topics_of_eight_times_its_bytes_are_kept_and_one_more_ends_it_as_slow()
    {
        var reader = SubscribeAndFill();
        CloseUnread("half", size: 4 * MaxBytes);
        CloseUnread("other-half", size: 4 * MaxBytes);
        Assert.That(reader.EndReason, Is.Null);
        CloseUnread("one-more", size: EventSize.Envelope);
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.SlowConsumer));
    }

    [Test]
    public void Bytes_that_were_fetched_give_their_room_back()
    {
        var reader = SubscribeAndFill();
        for (var round = 0; round < 3; round++)
        {
            CloseUnread("all", size: 8 * MaxBytes);
            Assert.That(reader.EndReason, Is.Null);
            Assert.That(reader.ReadAvailable().Count(static item => item.Topic is "all"), Is.EqualTo(1));
            Fill();
        }
    }

    [Test]
    public async Task A_closed_topic_larger_than_all_that_room_ends_it_as_slow()
    {
        var reader = SubscribeAndFill();
        CloseUnread("too-large", size: (8 * MaxBytes) + 1);
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.SlowConsumer));
    }

    [Test]
    public void A_closed_topic_of_which_nothing_is_unread_takes_no_room()
    {
        var reader = SubscribeAndFill();
        reader.ReadAvailable();
        for (var i = 0; i < 10 * Capacity; i++)
        {
            _bus.Publish($"closed-{i}", SampleTypes.Asked, new byte[8 * MaxBytes]);
            reader.ReadAvailable();
            _bus.CloseTopic($"closed-{i}");
        }

        Assert.That(reader.EndReason, Is.Null);
    }

    private EventSubscription SubscribeAndFill()
    {
        var reader = _bus.Subscribe(new SubscriptionOptions { Capacity = Capacity, CriticalReserve = 1, MaxBytes = MaxBytes });
        Fill();
        return reader;
    }

    /// <summary>No event of another topic has room then.</summary>
    private void Fill() => _bus.PublishMany("full", SampleTypes.Asked, Capacity);

    /// <summary>Closes a topic that has one event for a reader whose channel is full: still to be read from history, or dropped and still to be told.</summary>
    private void CloseUnread(string topic, bool lagging = true, int size = EventSize.Envelope)
    {
        _bus.Publish(topic, lagging ? SampleTypes.Asked : SampleTypes.Delta, size == EventSize.Envelope ? null : new byte[size - EventSize.Envelope]);
        _bus.CloseTopic(topic);
    }
}
