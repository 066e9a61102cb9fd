using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class ThrowingPredicateTests
{
    [Test]
    public async Task A_batch_read_hands_out_the_events_before_the_one_its_predicate_throws_on_and_then_throws()
    {
        await using var bus = new EventBus();
        await using var subscription = bus.Subscribe(new SubscriptionOptions
        {
            Topic = "session-1",
            Predicate = static item => item.Type is "good" ? true : throw new InvalidDataException("A bug in the predicate."),
        });
        bus.Publish("session-1", "good");
        var lastGood = bus.Publish("session-1", "good");
        bus.Publish("session-1", "bad");
        var buffer = new StreamEvent[8];

        Assert.That(await subscription.ReadAsync(buffer), Is.EqualTo(2));
        Assert.That(buffer[1], Is.SameAs(lastGood));
        Assert.That(subscription.Cursor, Is.EqualTo(lastGood.Cursor));
        Assert.That(async () => await subscription.ReadAsync(buffer), Throws.InstanceOf<InvalidDataException>());
        Assert.That(subscription.EndReason, Is.EqualTo(EndReason.Faulted));
    }

    [Test]
    public async Task When_it_throws_behind_the_end_a_transport_is_told_that_it_failed_and_the_log_says_how()
    {
        using var log = new LogRecorder();
        await using var bus = new EventBus(catalog: SampleTypes.Catalog, loggerFactory: log);
        var subscription = SubscribeAndComplete(bus);
        Assert.That(subscription.EndReason, Is.EqualTo(EndReason.Completed));

        var sink = new RecordingSink();
        Assert.That(await EventPump.RunAsync(subscription, sink).WithinSafetyAsync(), Is.EqualTo(EndReason.Faulted));
        Assert.That(sink.Types, Is.EqualTo(["stream.open", "good", "stream.end"]));
        Assert.That(sink.Ending!.Reason, Is.EqualTo(EndReason.Faulted), "A client that is told of completion would not come back for the rest.");
        Assert.That(log.Of(1205).Single().Exception, Is.InstanceOf<InvalidDataException>());
    }

    [Test]
    public async Task When_it_throws_behind_the_end_of_a_handlers_subscription_the_log_says_how()
    {
        using var log = new LogRecorder();
        await using var bus = new EventBus(catalog: SampleTypes.Catalog, loggerFactory: log);
        var begun = Signals.Create();
        var gate = Signals.Create();
        var handled = bus.Subscribe(Options, async (_, _) =>
        {
            begun.TrySetResult();
            await gate.Task;
        });
        bus.Publish("session-1", "good");
        await begun.Task.WithinSafetyAsync();
        bus.Publish("session-1", "bad");
        bus.Publish("session-1", SampleTypes.Completed);
        gate.SetResult();

        Assert.That(await handled.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
        Assert.That(log.Of(1205).Single().Exception, Is.InstanceOf<InvalidDataException>());
    }

    private static SubscriptionOptions Options => new()
    {
        Topic = "session-1",
        Predicate = static item => item.Type is "bad" ? throw new InvalidDataException("A bug in the predicate.") : true,
    };

    private static EventSubscription SubscribeAndComplete(EventBus bus)
    {
        var subscription = bus.Subscribe(Options);
        bus.Publish("session-1", "good");
        bus.Publish("session-1", "bad");
        bus.Publish("session-1", SampleTypes.Completed);
        return subscription;
    }
}
