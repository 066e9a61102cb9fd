using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Topics;

internal sealed class TopicIdleTests
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(160);
    private static readonly TimeSpan s_sixteenth = s_timeout / 16;

    private ManualTimeProvider _clock = null!; // Set before each test.
    private EventBus _bus = null!;

    [SetUp]
    public void Create()
    {
        _clock = new ManualTimeProvider();
        _bus = SampleTypes.CreateBus(static options => options.Topics.IdleTimeout = s_timeout, _clock);
    }

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public void An_unused_topic_goes_when_it_was_idle_long_enough_and_not_before()
    {
        _bus.Publish("a", SampleTypes.Delta);
        _clock.Advance(s_timeout - TimeSpan.FromTicks(1));
        Assert.That(_bus.FindTopic("a"), Is.Not.Null);
        _clock.Advance(s_sixteenth + TimeSpan.FromTicks(1));
        Assert.That(_bus.FindTopic("a"), Is.Null);
        Assert.That(_bus.TopicCount, Is.Zero);
    }

    [Test]
    public void A_topic_nothing_was_ever_published_to_goes_too()
    {
        _ = _bus.Subscribe("a").DisposeAsync().AsTask();
        _clock.Advance(s_timeout + s_sixteenth);
        Assert.That(_bus.FindTopic("a"), Is.Null);
    }

    [Test]
    public void Publishing_keeps_a_topic()
    {
        for (var i = 0; i < 10; i++)
        {
            _bus.Publish("a", SampleTypes.Delta);
            _clock.Advance(s_timeout - s_sixteenth);
        }

        Assert.That(_bus.FindTopic("a")!.Head.Sequence, Is.EqualTo(10));
    }

    [Test]
    public async Task A_subscriber_keeps_a_topic_and_the_time_begins_when_it_leaves()
    {
        await using var reader = _bus.Subscribe("a");
        _clock.Advance(s_timeout * 10);
        Assert.That(_bus.FindTopic("a"), Is.Not.Null);
        Assert.That(reader.EndReason, Is.Null);

        await reader.DisposeAsync();
        _clock.Advance(s_timeout - s_sixteenth);
        Assert.That(_bus.FindTopic("a"), Is.Not.Null);
        _clock.Advance(s_sixteenth * 2);
        Assert.That(_bus.FindTopic("a"), Is.Null);
    }

    [Test]
    public async Task A_reader_of_all_topics_keeps_none()
    {
        await using var reader = _bus.Subscribe(new SubscriptionOptions());
        _bus.Publish("a", SampleTypes.Delta);
        _clock.Advance(s_timeout + (2 * s_sixteenth));
        Assert.That(_bus.FindTopic("a"), Is.Null);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1L]));
    }

    [Test]
    public void A_step_of_the_wall_clock_closes_nothing()
    {
        _bus.Publish("a", SampleTypes.Delta);
        _clock.Advance(s_sixteenth);
        _clock.StepWallClock(TimeSpan.FromDays(365));
        _clock.Advance(s_sixteenth);
        Assert.That(_bus.FindTopic("a"), Is.Not.Null);
    }

    [Test]
    public async Task A_topic_that_comes_back_begins_a_new_epoch()
    {
        var before = _bus.Publish("a", SampleTypes.Delta).Cursor;
        _clock.Advance(s_timeout + s_sixteenth);
        var after = _bus.Publish("a", SampleTypes.Delta).Cursor;
        Assert.That(after.EpochToken, Is.Not.EqualTo(before.EpochToken));
        Assert.That(after.Sequence, Is.EqualTo(1));

        await using var reader = _bus.Subscribe("a", before);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["open EpochChanged", "1"]));
    }

    [Test]
    public async Task A_bus_that_was_disposed_looks_at_the_clock_no_more()
    {
        _bus.Publish("a", SampleTypes.Delta);
        await _bus.DisposeAsync();
        _clock.Advance(s_timeout * 2);
        Assert.That(_bus.TopicCount, Is.EqualTo(1));
    }
}
