using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Topics;

internal sealed class TopicCloseTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task Subscriptions_of_a_closed_topic_end_behind_its_newest_event()
    {
        await using var bus = SampleTypes.CreateBus();
        await using var reader = bus.Subscribe(Topic);
        bus.PublishMany(Topic, SampleTypes.Delta, 3);

        Assert.That(bus.CloseTopic(Topic), Is.True);
        Assert.That((await reader.ReadToEndAsync()).Sequences(), Is.EqualTo([1L, 2L, 3L]));
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
    }

    [Test]
    public async Task A_reader_that_lags_reads_a_closed_topic_to_its_end()
    {
        await using var bus = SampleTypes.CreateBus();
        await using var reader = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        bus.PublishMany(Topic, SampleTypes.Asked, 1_500);
        Assert.That(reader.IsLagging, Is.True);

        bus.CloseTopic(Topic);
        Assert.That(reader.EndReason, Is.Null, "It has yet to be given what it is owed.");
        Assert.That((await reader.ReadToEndAsync()).Sequences(), Is.EqualTo(Enumerable.Range(1, 1_500)));
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
    }

    [Test]
    public async Task A_gap_still_open_is_told_before_the_end()
    {
        await using var bus = SampleTypes.CreateBus();
        await using var reader = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        bus.PublishMany(Topic, SampleTypes.Delta, 3);
        bus.CloseTopic(Topic);
        Assert.That((await reader.ReadToEndAsync()).Summaries(), Is.EqualTo(["1", "gap 2-3 (2 Overflow)"]));
    }

    [Test]
    public async Task Publishing_to_a_closed_topics_name_begins_a_new_epoch_at_one()
    {
        await using var bus = SampleTypes.CreateBus();
        var before = bus.Publish(Topic, SampleTypes.Delta).Cursor;
        bus.CloseTopic(Topic);
        Assert.That(bus.FindTopic(Topic), Is.Null);

        var after = bus.Publish(Topic, SampleTypes.Delta).Cursor;
        Assert.That(after.Sequence, Is.EqualTo(1));
        Assert.That(after.EpochToken, Is.Not.EqualTo(before.EpochToken));
    }

    [Test]
    public async Task Closing_a_topic_that_does_not_exist_says_so()
    {
        await using var bus = SampleTypes.CreateBus();
        Assert.That(bus.CloseTopic(Topic), Is.False);
        Assert.That(() => bus.CloseTopic(null!), Throws.ArgumentNullException);
    }

    [Test]
    public async Task A_topics_name_hashed_like_anothers_is_not_taken_for_it()
    {
        // The same length, middle and last character: a cheap hash puts them into one place.
        await using var bus = SampleTypes.CreateBus();
        for (var i = 0; i < 3; i++)
        {
            Assert.That(bus.Publish("a-x-z", SampleTypes.Delta).Topic, Is.EqualTo("a-x-z"));
            Assert.That(bus.Publish("b-x-z", SampleTypes.Delta).Topic, Is.EqualTo("b-x-z"));
        }

        bus.CloseTopic("b-x-z");
        Assert.That(bus.Publish("a-x-z", SampleTypes.Delta).Sequence, Is.EqualTo(4));
        Assert.That(bus.Publish("b-x-z", SampleTypes.Delta).Sequence, Is.EqualTo(1));
    }

    [Test]
    public async Task Publishers_of_a_topic_that_is_closed_all_the_time_always_get_a_place()
    {
        await using var bus = SampleTypes.CreateBus();
        using var stop = new CancellationTokenSource();
        var closing = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                bus.CloseTopic(Topic);
            }
        });
        var cursors = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(
            () => Enumerable.Range(0, 2_000).Select(_ => bus.Publish(Topic, SampleTypes.Delta).Cursor).ToList()))).WithinSafetyAsync();
        await stop.CancelAsync();
        await closing.WithinSafetyAsync();

        Assert.That(cursors.SelectMany(static list => list), Is.Unique);
    }
}
