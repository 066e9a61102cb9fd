using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Filtering;

internal sealed class EventFilterTests : BusFixture
{
    [Test]
    public void Only_the_types_asked_for_pass() =>
        AssertPass(
            static options => options.Types = [SampleTypes.Delta, SampleTypes.Asked],
            [new EventDraft(SampleTypes.Delta), new EventDraft(SampleTypes.Asked)],
            [new EventDraft(SampleTypes.Iteration), new EventDraft("text.delta.more"), new EventDraft("TEXT.DELTA")]);

    [Test]
    public void No_types_are_all_types() =>
        AssertPass(static options => options.Types = [], [new EventDraft(SampleTypes.Delta), new EventDraft(SampleTypes.Started)], []);

    [Test]
    public void Only_the_source_asked_for_passes() =>
        AssertPass(
            static options => options.Source = "queen",
            [new EventDraft(SampleTypes.Delta) { Source = "queen" }],
            [new EventDraft(SampleTypes.Delta), new EventDraft(SampleTypes.Delta) { Source = "Queen" }, new EventDraft(SampleTypes.Asked) { Source = "worker:1" }]);

    [Test]
    public void Only_the_correlation_asked_for_passes() =>
        AssertPass(
            static options => options.CorrelationId = "request-1",
            [new EventDraft(SampleTypes.Delta) { CorrelationId = "request-1" }],
            [new EventDraft(SampleTypes.Delta), new EventDraft(SampleTypes.Delta) { CorrelationId = "request-2" }]);

    [Test]
    public void Only_the_run_asked_for_passes() =>
        AssertPass(
            static options => options.RunId = "run-1",
            [new EventDraft(SampleTypes.Delta) { RunId = "run-1" }],
            [new EventDraft(SampleTypes.Delta), new EventDraft(SampleTypes.Delta) { RunId = "run-2" }, new EventDraft(SampleTypes.Delta) { RunId = "run-1", Source = "worker:1" }]);

    [Test]
    public void Only_what_passes_every_test_passes() =>
        AssertPass(
            static options =>
            {
                options.Types = [SampleTypes.Delta];
                options.Source = "queen";
                options.RunId = "run-1";
                options.Predicate = static item => item.Data is not "secret";
            },
            [new EventDraft(SampleTypes.Delta) { Source = "queen", RunId = "run-1" }],
            [
                new EventDraft(SampleTypes.Asked) { Source = "queen", RunId = "run-1" },
                new EventDraft(SampleTypes.Delta) { Source = "king", RunId = "run-1" },
                new EventDraft(SampleTypes.Delta) { Source = "queen", RunId = "run-2" },
                new EventDraft(SampleTypes.Delta, "secret") { Source = "queen", RunId = "run-1" },
            ]);

    [Test]
    public void Only_payloads_of_the_type_a_handler_takes_pass() =>
        AssertPass(
            static options => options.DataType = typeof(string),
            [new EventDraft(SampleTypes.Delta, "text")],
            [new EventDraft(SampleTypes.Delta), new EventDraft(SampleTypes.Delta, 7)]);

    [Test]
    public void What_the_filter_rejects_takes_no_room()
    {
        var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, Types = [SampleTypes.Asked], Capacity = 2 });
        Bus.PublishMany(Topic, SampleTypes.Delta, 1_000);
        Bus.Publish(Topic, SampleTypes.Asked);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1_001L]));
        Assert.That((reader.Filtered, reader.Dropped), Is.EqualTo((1_000L, 0L)));
    }

    /// <summary>Publishes what shall pass and what shall not, mixed, and asserts it of live delivery, replay and catch-up alike.</summary>
    private void AssertPass(Action<SubscriptionOptions> configure, EventDraft[] passing, EventDraft[] rejected)
    {
        var live = Subscribe(1_024);
        var lagging = Subscribe(2, NormalOverflow.CatchUp);
        var expected = new List<StreamEvent>();
        for (var i = 0; i < 3; i++)
        {
            foreach (var draft in rejected)
            {
                Bus.Publish(Topic, draft);
            }

            expected.AddRange(passing.Select(draft => Bus.Publish(Topic, draft)));
        }

        var replayed = Subscribe(1_024, from: EventCursor.Start);
        Assert.That(lagging.IsLagging, Is.True);
        foreach (var reader in new[] { live, replayed, lagging })
        {
            Assert.That(reader.ReadAvailable(), Is.EqualTo(expected));
            Assert.That(reader.Filtered, Is.EqualTo(3 * rejected.Length));
        }

        EventSubscription Subscribe(int capacity, NormalOverflow onOverflow = NormalOverflow.Drop, EventCursor? from = null)
        {
            var options = new SubscriptionOptions { Topic = Topic, Capacity = capacity, OnNormalOverflow = onOverflow, From = from };
            configure(options);
            return Bus.Subscribe(options);
        }
    }
}
