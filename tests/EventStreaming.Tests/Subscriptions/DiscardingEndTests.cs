using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

/// <summary>An end on the owner's side discards what waits; whoever reads must see the end then, not wait on it for ever.</summary>
internal sealed class DiscardingEndTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task What_waits_for_a_lagging_reader_can_still_be_read_when_the_bus_has_been_disposed([Values(null, "session-1")] string? topic)
    {
        var bus = SampleTypes.CreateBus();
        var reader = bus.Subscribe(new SubscriptionOptions { Topic = topic, Capacity = 8 });
        bus.PublishMany("session-1", SampleTypes.Asked, 30);
        Assert.That(reader.IsLagging, Is.True);
        await bus.DisposeAsync();

        Assert.That(reader.EndReason, Is.EqualTo(EndReason.HostStopping));
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo(Enumerable.Range(1, 8)));
    }

    [Test]
    public async Task A_reader_of_a_cancelled_subscription_with_unread_events_ends([Values] bool replayed)
    {
        await using var bus = new EventBus();
        using var owner = new CancellationTokenSource();
        var subscription = replayed ? null : bus.Subscribe(Topic, cancellationToken: owner.Token);
        bus.Publish(Topic, "unread");
        bus.Publish(Topic, "unread");
        subscription ??= bus.Subscribe(Topic, cancellationToken: owner.Token);
        await owner.CancelAsync();

        Assert.That(await Task.Run(() => CountAsync(subscription)).WithinSafetyAsync(), Is.Zero);
        Assert.That(await subscription.ReadAsync(new StreamEvent[1]).AsTask().WithinSafetyAsync(), Is.Zero);
    }

    [Test]
    public async Task A_handler_loop_of_a_disposed_subscription_with_unread_events_ends()
    {
        await using var bus = new EventBus();
        var (entered, gate) = (Signals.Create(), Signals.Create());
        var subscription = bus.Subscribe(new SubscriptionOptions { Topic = Topic }, async (_, _) =>
        {
            entered.TrySetResult();
            await gate.Task;
        });
        bus.Publish(Topic, "handled");
        bus.Publish(Topic, "unread");
        await entered.Task.WithinSafetyAsync();
        await subscription.DisposeAsync();
        gate.SetResult();

        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Disposed));
        Assert.That(subscription.Delivered, Is.EqualTo(1));
    }

    private static async Task<int> CountAsync(EventSubscription subscription)
    {
        var count = 0;
        await foreach (var _ in subscription)
        {
            count++;
        }

        return count;
    }
}
