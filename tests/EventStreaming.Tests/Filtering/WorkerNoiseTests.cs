using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Filtering;

internal sealed class WorkerNoiseTests : BusFixture
{
    [Test]
    public void A_sessions_reader_gets_of_workers_only_the_types_that_surface()
    {
        var live = Subscribe();
        var lagging = Subscribe(static options => options.Capacity = 2);
        PublishAll();
        var replayed = Subscribe(static options => options.From = EventCursor.Start);
        Assert.That(lagging.IsLagging, Is.True);
        foreach (var reader in new[] { live, replayed, lagging })
        {
            // 1 to 4 are the queen's, 5 to 8 the worker's, of which its question and its end surface.
            Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1L, 2L, 3L, 4L, 7L, 8L]));
            Assert.That(reader.Filtered, Is.EqualTo(2));
        }
    }

    [Test]
    public void Who_watches_one_worker_gets_all_it_says_and_nothing_else()
    {
        var live = Subscribe(static options => options.Source = "worker:1");
        var lagging = Subscribe(static options => (options.Source, options.Capacity) = ("worker:1", 2));
        PublishAll();
        Bus.Publish(Topic, new EventDraft(SampleTypes.Delta) { Source = "worker:2" });
        var replayed = Subscribe(static options => (options.Source, options.From) = ("worker:1", EventCursor.Start));
        foreach (var reader in new[] { live, replayed, lagging })
        {
            Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([5L, 6L, 7L, 8L]));
        }
    }

    [Test]
    public void A_fresh_connect_is_replayed_no_noise()
    {
        Bus.Publish(Topic, new EventDraft(SampleTypes.Delta) { Source = "worker:1" });
        Bus.Publish(Topic, new EventDraft(SampleTypes.Asked) { Source = "worker:1" });
        Assert.That(Subscribe().ReadAvailable().Sequences(), Is.EqualTo([2L]));
    }

    [Test]
    public void Who_asks_for_it_gets_the_noise_too()
    {
        var reader = Subscribe(static options => options.IncludeWorkers = true);
        PublishAll();
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo(Enumerable.Range(1, 8)));
    }

    [Test]
    public void Asking_for_a_type_does_not_lift_the_filter()
    {
        var reader = Subscribe(static options => options.Types = [SampleTypes.Delta]);
        PublishAll();
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([2L]));
    }

    [Test]
    public void A_reader_of_all_topics_is_spared_the_noise_too()
    {
        var reader = Subscribe(static options => options.Topic = null);
        PublishAll();
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1L, 2L, 3L, 4L, 7L, 8L]));
    }

    [TestCase("worker:", true)]
    [TestCase("worker:7f", true)]
    [TestCase("worker", false)]
    [TestCase("Worker:7f", false)]
    [TestCase("my-worker:7f", false)]
    public void A_worker_is_who_has_the_prefix_exactly(string source, bool isWorker)
    {
        var reader = Subscribe();
        Bus.Publish(Topic, new EventDraft(SampleTypes.Delta) { Source = source });
        Assert.That(reader.TryRead(out _), Is.Not.EqualTo(isWorker));
    }

    [Test]
    public void Noise_does_not_push_lifecycle_events_out_of_history()
    {
        Bus.Publish(Topic, new EventDraft(SampleTypes.Asked) { Source = "worker:1" });
        for (var i = 0; i < 10_000; i++)
        {
            Bus.Publish(Topic, new EventDraft(SampleTypes.Delta) { Source = "worker:1" });
        }

        Assert.That(Subscribe().ReadAvailable().Sequences(), Is.EqualTo([1L]));
    }

    [Test]
    public void Noise_takes_no_room_in_a_sessions_channel()
    {
        var reader = Subscribe(static options => options.Capacity = 2);
        for (var i = 0; i < 1_000; i++)
        {
            Bus.Publish(Topic, new EventDraft(SampleTypes.Started) { Source = "worker:1" });
        }

        Assert.That((reader.Queued, reader.IsLagging, reader.Dropped), Is.EqualTo((0L, false, 0L)));
    }

    /// <summary>One event of each kind by the queen, except an end, and one of each kind by a worker.</summary>
    private void PublishAll()
    {
        string[] types = [SampleTypes.Started, SampleTypes.Delta, SampleTypes.Asked];
        foreach (var type in types.Append(SampleTypes.Asked))
        {
            Bus.Publish(Topic, new EventDraft(type) { Source = "queen" });
        }

        foreach (var type in types.Append(SampleTypes.Completed))
        {
            Bus.Publish(Topic, new EventDraft(type) { Source = "worker:1" });
        }
    }

    private EventSubscription Subscribe(Action<SubscriptionOptions>? configure = null)
    {
        var options = new SubscriptionOptions { Topic = Topic };
        configure?.Invoke(options);
        return Bus.Subscribe(options);
    }
}
