using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

/// <summary>What the model test and the stress test found wrong with subscriptions to all topics.</summary>
internal sealed class AllTopicsRegressionTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Test]
    public async Task What_is_left_of_a_closed_topic_comes_before_the_new_one_of_its_name()
    {
        await using var bus = new EventBus();
        await using var reader = bus.Subscribe(new SubscriptionOptions { Capacity = 100, OnNormalOverflow = NormalOverflow.CatchUp });
        bus.PublishMany("t", "step", 1_000);
        for (var i = 0; i < 90; i++)
        {
            reader.ReadOne();
        }

        bus.CloseTopic("t");
        bus.PublishMany("t", "step", 5);
        var epochs = reader.ReadAvailable().ConvertAll(static item => item.Cursor.EpochToken);

        Assert.That(epochs, Has.Count.EqualTo(915));
        Assert.That(epochs.Zip(epochs.Skip(1)).Count(static pair => !string.Equals(pair.First, pair.Second, StringComparison.Ordinal)), Is.EqualTo(1), "From the old life to the new, once.");
    }

    [Test]
    public async Task A_topic_made_after_the_readers_were_stopped_does_not_keep_a_lagging_one_from_ending()
    {
        await using var bus = new EventBus();
        bus.Publish("old", "note");
        await using var reader = bus.Subscribe(new SubscriptionOptions { From = EventCursor.Start });
        bus.StopReaders();
        bus.Publish("new", "note");

        Assert.That(reader.TryRead(out var item), Is.True);
        Assert.That(item!.Topic, Is.EqualTo("old"));
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(await reader.Completion.WaitAsync(s_patience), Is.EqualTo(EndReason.HostStopping));
    }

    [Test]
    public async Task A_gap_that_is_open_when_the_subscription_ends_is_reported_although_its_topic_closes_then()
    {
        var catalog = new EventCatalog(new EventTypeDescriptor("alert") { Critical = true });
        await using var bus = new EventBus(catalog: catalog);
        await using var reader = bus.Subscribe(
            new SubscriptionOptions { Capacity = 2, CriticalReserve = 1, OnCriticalOverflow = CriticalOverflow.Disconnect });
        bus.Publish("lossy", "note");
        bus.Publish("lossy", "note");
        bus.Publish("other", "alert");
        bus.Publish("other", "alert");
        bus.CloseTopic("lossy");

        Assert.That(reader.EndReason, Is.EqualTo(EndReason.SlowConsumer));
        var gaps = 0L;
        while (reader.TryRead(out var item))
        {
            gaps += item.Data is Gap gap ? gap.Count : 0;
        }

        Assert.That(gaps, Is.EqualTo(reader.Dropped).And.EqualTo(1));
    }

    [Test]
    public void A_queue_that_is_complete_counts_nothing_more_as_waiting()
    {
        var queue = new SubscriptionQueue(new SubscriptionOptions());
        var item = ControlEvents.Create(new EventOrigin("t", "e"), 1, default, new EventTypeDescriptor("note"), null);
        queue.Complete();

        // A publisher to one topic may offer while another topic's critical event ends the subscription.
        Assert.That(queue.TryEnqueue(item), Is.False);
        Assert.That(queue.Count, Is.Zero);
    }

    [Test]
    public async Task The_outcome_is_a_gap_when_any_topic_has_one_whatever_the_others_have()
    {
        await using var bus = new EventBus(new EventStreamingOptions { History = new HistoryOptions { Capacity = 1 } });
        for (var i = 0; i < 20; i++)
        {
            bus.Publish($"whole-{i}", "note");
        }

        bus.Publish("torn", "note");
        bus.Publish("torn", "note");
        for (var i = 20; i < 40; i++)
        {
            bus.Publish($"whole-{i}", "note");
        }

        await using var reader = bus.Subscribe(new SubscriptionOptions { From = EventCursor.Start });

        Assert.That(reader.Outcome, Is.EqualTo(ResumeOutcome.Gap));
    }

    [Test]
    public async Task Reading_all_from_the_start_is_a_resume_even_while_there_is_no_topic()
    {
        await using var bus = new EventBus();
        await using var reader = bus.Subscribe(new SubscriptionOptions { From = EventCursor.Start });

        Assert.That(reader.Outcome, Is.EqualTo(ResumeOutcome.Resumed));
    }

    [Test]
    public async Task A_subscription_that_a_stopping_bus_ended_before_it_was_attached_is_attached_to_nothing()
    {
        var clock = new ManualTimeProvider();
        await using var bus = new EventBus(timeProvider: clock);
        await using var ended = new EventSubscription(bus, new SubscriptionOptions(), createRunner: null);
        ended.Close(EndReason.HostStopping);
        await ended.Completion.WaitAsync(s_patience);

        var topics = new TopicRegistry(new EventStreamingOptions(), clock, static _ => { });
        topics.AddToAll(ended);

        Assert.That(topics.GetOrCreate("new").SubscriptionCount, Is.Zero);
    }
}
