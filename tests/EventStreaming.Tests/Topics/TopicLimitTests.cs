using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Topics;

internal sealed class TopicLimitTests
{
    private ManualTimeProvider _clock = null!; // Set before each test.
    private EventBus _bus = null!;

    [SetUp]
    public void Create()
    {
        _clock = new ManualTimeProvider();
        _bus = SampleTypes.CreateBus(static options => options.Topics.MaxCount = 3, _clock);
    }

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public void At_the_limit_the_topic_idle_longest_makes_room()
    {
        PublishLater("b");
        PublishLater("a");
        PublishLater("c");
        PublishLater("b");
        _bus.Publish("d", SampleTypes.Delta);
        Assert.That(Names, Is.EquivalentTo(["b", "c", "d"]));
        Assert.That(_bus.TopicCount, Is.EqualTo(3));
    }

    [Test]
    public void A_completed_topic_makes_room_before_one_idle_longer()
    {
        PublishLater("a");
        PublishLater("b", SampleTypes.Completed);
        PublishLater("c");
        _bus.Publish("d", SampleTypes.Delta);
        Assert.That(Names, Is.EquivalentTo(["a", "c", "d"]));
    }

    [Test]
    public void A_topic_with_a_subscriber_stays()
    {
        PublishLater("a");
        _bus.Subscribe("a");
        PublishLater("b");
        PublishLater("c");
        _bus.Publish("d", SampleTypes.Delta);
        Assert.That(Names, Is.EquivalentTo(["a", "c", "d"]));
    }

    [Test]
    public async Task When_every_topic_has_a_subscriber_another_is_refused_with_a_remedy_until_one_is_free()
    {
        var first = _bus.Subscribe("a");
        _bus.Subscribe("b");
        _bus.Subscribe("c");
        Assert.That(
            () => _bus.Publish("d", SampleTypes.Delta),
            Throws.TypeOf<TopicLimitException>().With.Message.Contains("3 topics").And.Message.Contains("Topics.MaxCount").And.Message.Contains("CloseTopic"));
        Assert.That(() => _bus.Subscribe("d"), Throws.TypeOf<TopicLimitException>());
        Assert.That(_bus.SubscriptionCount, Is.EqualTo(3), "The refused one is not counted.");
        Assert.That(() => _bus.Publish("a", SampleTypes.Delta), Throws.Nothing, "Topics that exist are published to as before.");

        await first.DisposeAsync();
        Assert.That(() => _bus.Publish("d", SampleTypes.Delta), Throws.Nothing);
        Assert.That(Names, Is.EquivalentTo(["b", "c", "d"]));
    }

    [Test]
    public void A_subscription_to_all_topics_keeps_none_from_making_room()
    {
        _bus.Subscribe(new SubscriptionOptions());
        foreach (var name in "abcdefgh")
        {
            _bus.Publish(name.ToString(), SampleTypes.Delta);
        }

        Assert.That(_bus.TopicCount, Is.EqualTo(3));
    }

    [Test]
    public void Closing_a_topic_makes_room()
    {
        _bus.Subscribe("a");
        _bus.Subscribe("b");
        _bus.Subscribe("c");
        _bus.CloseTopic("b");
        Assert.That(() => _bus.Publish("d", SampleTypes.Delta), Throws.Nothing);
    }

    [Test]
    public async Task A_cursor_into_a_topic_that_made_room_is_told_that_its_epoch_changed()
    {
        PublishLater("a");
        var before = _bus.FindTopic("a")!.Head;
        foreach (var name in "bcd")
        {
            PublishLater(name.ToString());
        }

        await using var reader = _bus.Subscribe("a", before);
        Assert.That(reader.Outcome, Is.EqualTo(ResumeOutcome.EpochChanged));
    }

    private IEnumerable<string> Names => _bus.Topics.Select(static topic => topic.Name);

    private void PublishLater(string topic, string type = SampleTypes.Delta)
    {
        _bus.Publish(topic, type);
        _clock.Advance(TimeSpan.FromMinutes(2));
    }
}
