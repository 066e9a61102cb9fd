using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Topics;

internal sealed class TopicInfoTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task A_topic_is_described_as_it_is()
    {
        await using var bus = SampleTypes.CreateBus(static options => options.History.Capacity = 2);
        await using var reader = bus.Subscribe(Topic);
        await using var all = bus.Subscribe(new SubscriptionOptions());
        bus.PublishMany(Topic, SampleTypes.Delta, 3);
        var last = bus.Publish(Topic, SampleTypes.Delta, "abc");

        Assert.That(bus.FindTopic(Topic), Is.EqualTo(new TopicInfo(Topic, last.Cursor, 2, 2, (2 * EventSize.Envelope) + 6, IsCompleted: false)));
        Assert.That(bus.Topics, Is.EqualTo([bus.FindTopic(Topic)]));
    }

    [Test]
    public async Task A_topic_says_whether_it_is_fed()
    {
        await using var bus = SampleTypes.CreateBus();
        bus.Publish("session-2", SampleTypes.Delta);
        using (bus.OpenFeed(Topic, new EventCursor("a", 0)))
        {
            Assert.That(bus.FindTopic(Topic)!.IsFed, Is.True);
        }

        Assert.That(bus.FindTopic(Topic)!.IsFed, Is.True, "What feeds it next may come later.");
        Assert.That(bus.FindTopic("session-2")!.IsFed, Is.False);
    }

    [Test]
    public async Task Looking_for_a_topic_creates_none()
    {
        await using var bus = SampleTypes.CreateBus();
        Assert.That(bus.FindTopic(Topic), Is.Null);
        Assert.That(bus.TopicCount, Is.Zero);
        Assert.That(() => bus.FindTopic(null!), Throws.ArgumentNullException);
    }

    [Test]
    public async Task A_topic_is_completed_from_its_terminal_event_until_a_later_one()
    {
        await using var bus = SampleTypes.CreateBus();
        bus.Publish(Topic, SampleTypes.Completed);
        Assert.That(bus.FindTopic(Topic)!.IsCompleted, Is.True);
        bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(bus.FindTopic(Topic)!.IsCompleted, Is.False);
    }

    [Test]
    public async Task Workers_neither_complete_nor_reopen_a_topic()
    {
        await using var bus = SampleTypes.CreateBus();
        bus.Publish(Topic, new EventDraft(SampleTypes.Completed) { Source = "worker:1" });
        Assert.That(bus.FindTopic(Topic)!.IsCompleted, Is.False);
        bus.Publish(Topic, SampleTypes.Completed);
        bus.Publish(Topic, new EventDraft(SampleTypes.Delta) { Source = "worker:1" });
        Assert.That(bus.FindTopic(Topic)!.IsCompleted, Is.True);
    }
}
