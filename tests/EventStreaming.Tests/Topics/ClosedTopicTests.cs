using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Topics;

/// <summary>What a topic answers those who come for it while it is being closed: they have found it, and must find the next one.</summary>
internal sealed class ClosedTopicTests
{
    private ManualTimeProvider _clock = null!; // Set before each test.
    private Topic _topic = null!;

    [SetUp]
    public void Create()
    {
        _clock = new ManualTimeProvider();
        _topic = new Topic("t", new HistoryOptions(), _clock);
    }

    [Test]
    public async Task A_closed_topic_takes_neither_events_nor_subscriptions()
    {
        await using var bus = new EventBus();
        await using var reader = bus.Subscribe("t");
        _topic.Close(EndReason.TopicClosed);

        Assert.That(_topic.TryAppend(SampleEvents.Create(1)), Is.False);
        Assert.That(reader.TryAttach(_topic), Is.False);
        Assert.That((_topic.Head, _topic.SubscriptionCount), Is.EqualTo((0L, 0)));
    }

    [Test]
    public void An_idle_topic_is_closed_once()
    {
        var idleSince = _topic.Sweep(_clock.GetTimestamp());
        Assert.That(_topic.TryCloseIdle(idleSince), Is.True);
        Assert.That(_topic.IsClosed, Is.True);
        Assert.That(_topic.TryCloseIdle(idleSince), Is.False);
    }

    [Test]
    public void A_topic_that_was_used_since_it_was_found_idle_stays()
    {
        var idleSince = _topic.Sweep(_clock.GetTimestamp());
        _topic.TryAppend(SampleEvents.Create(0));
        Assert.That(_topic.TryCloseIdle(idleSince), Is.False, "Published to.");

        _clock.Advance(TimeSpan.FromSeconds(1));
        _topic.Sweep(_clock.GetTimestamp());
        Assert.That(_topic.TryCloseIdle(idleSince), Is.False, "Idle, but only since the last sweep.");
        Assert.That(_topic.IsClosed, Is.False);
    }

    [Test]
    public async Task A_topic_that_is_watched_is_not_idle()
    {
        await using var bus = new EventBus();
        await using var reader = bus.Subscribe("t");
        var idleSince = _topic.Sweep(_clock.GetTimestamp());
        Assert.That(reader.TryAttach(_topic), Is.True);
        Assert.That(_topic.TryCloseIdle(idleSince), Is.False);
        Assert.That(_topic.Sweep(_clock.GetTimestamp()), Is.EqualTo(long.MaxValue));
    }
}
