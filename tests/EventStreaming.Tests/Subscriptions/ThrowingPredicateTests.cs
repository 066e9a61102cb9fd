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
}
