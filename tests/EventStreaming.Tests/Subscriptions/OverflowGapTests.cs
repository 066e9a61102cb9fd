using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class OverflowGapTests : BusFixture
{
    [Test]
    public void Dropped_events_are_counted_and_told_though_nothing_more_is_published()
    {
        var reader = Subscribe();
        Bus.PublishMany(Topic, SampleTypes.Delta, 5);
        Assert.That(reader.Dropped, Is.EqualTo(2), "Counted at once, not when read.");
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "2", "3", "gap 4-5 (2 Overflow)"]));
        Assert.That((reader.Delivered, reader.Dropped), Is.EqualTo((3L, 2L)));
    }

    [Test]
    public async Task A_reader_that_waits_is_woken_for_a_gap()
    {
        var reader = Subscribe();
        Bus.PublishMany(Topic, SampleTypes.Delta, 4);
        var buffer = new StreamEvent[3];
        Assert.That(await reader.ReadAsync(buffer).AsTask().WithinSafetyAsync(), Is.EqualTo(3));
        Assert.That(await reader.ReadAsync(buffer).AsTask().WithinSafetyAsync(), Is.EqualTo(1));
        Assert.That(buffer[0].Data, Is.EqualTo(new Gap(4, 4, 1, GapReason.Overflow)));
    }

    [Test]
    public void A_gap_comes_before_the_event_that_follows_it()
    {
        var reader = Subscribe();
        Bus.PublishMany(Topic, SampleTypes.Delta, 5);
        reader.ReadOne();
        reader.ReadOne();
        Bus.PublishMany(Topic, SampleTypes.Delta, 1);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["3", "gap 4-5 (2 Overflow)", "6"]));
    }

    [Test]
    public void A_gap_comes_before_the_critical_event_that_follows_it()
    {
        var reader = Subscribe();
        Bus.PublishMany(Topic, SampleTypes.Delta, 4);
        Bus.Publish(Topic, SampleTypes.Asked);
        Bus.PublishMany(Topic, SampleTypes.Delta, 1);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "2", "3", "gap 4-4 (1 Overflow)", "5", "gap 6-6 (1 Overflow)"]));
    }

    [Test]
    public void Each_slow_spell_is_told_by_a_gap_of_its_own()
    {
        var reader = Subscribe();
        var read = new List<StreamEvent>();
        for (var i = 0; i < 3; i++)
        {
            Bus.PublishMany(Topic, SampleTypes.Delta, 4);
            read.AddRange(reader.ReadAvailable());
        }

        Assert.That(read.Summaries(), Is.EqualTo(
            ["1", "2", "3", "gap 4-4 (1 Overflow)", "5", "6", "7", "gap 8-8 (1 Overflow)", "9", "10", "11", "gap 12-12 (1 Overflow)"]));
    }

    [Test]
    public void A_gap_counts_only_what_the_filter_would_have_let_through()
    {
        var reader = Subscribe(static options => options.Types = [SampleTypes.Delta]);
        Bus.PublishMany(Topic, SampleTypes.Delta, 3);
        for (var i = 0; i < 3; i++)
        {
            Bus.Publish(Topic, SampleTypes.Iteration);
            Bus.Publish(Topic, SampleTypes.Delta);
        }

        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "2", "3", "gap 5-9 (3 Overflow)"]));
        Assert.That((reader.Dropped, reader.Filtered), Is.EqualTo((3L, 3L)));
    }

    [Test]
    public async Task Resuming_behind_a_gap_brings_what_came_after_it()
    {
        var reader = Subscribe();
        Bus.PublishMany(Topic, SampleTypes.Delta, 5);
        var gap = reader.ReadAvailable()[^1];
        Bus.PublishMany(Topic, SampleTypes.Delta, 2);
        Assert.That(reader.Cursor, Is.EqualTo(gap.Cursor));

        await using var resumed = Bus.Subscribe(Topic, gap.Cursor);
        Assert.That(resumed.ReadAvailable().Summaries(), Is.EqualTo(["6", "7"]));
    }

    [Test]
    public void Delivered_and_dropped_and_filtered_make_up_all_that_was_published()
    {
        var reader = Subscribe(static options => options.Predicate = static item => item.Sequence % 2 == 0);
        for (var i = 0; i < 100; i++)
        {
            Bus.PublishMany(Topic, SampleTypes.Delta, i % 7);
            Bus.Publish(Topic, new EventDraft(SampleTypes.Delta) { Source = "worker:1" });
            reader.ReadAvailable();
        }

        Assert.That(reader.Delivered + reader.Dropped + reader.Filtered, Is.EqualTo(Bus.FindTopic(Topic)!.Head.Sequence));
        Assert.That(reader.Dropped, Is.Positive);
    }

    [Test]
    public void One_readers_overflow_is_not_anothers()
    {
        var slow = Subscribe();
        var fast = Subscribe(static options => options.Capacity = 1_000);
        Bus.PublishMany(Topic, SampleTypes.Delta, 100);
        Assert.That(fast.ReadAvailable().Sequences(), Is.EqualTo(Enumerable.Range(1, 100)));
        Assert.That((slow.Dropped, fast.Dropped), Is.EqualTo((97L, 0L)));
    }

    /// <summary>Room for three Normal events and one critical.</summary>
    private EventSubscription Subscribe(Action<SubscriptionOptions>? configure = null)
    {
        var options = new SubscriptionOptions { Topic = Topic, Capacity = 4, CriticalReserve = 1 };
        configure?.Invoke(options);
        return Bus.Subscribe(options);
    }
}
