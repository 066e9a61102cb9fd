using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

/// <summary>What the stress test found wrong with subscriptions that are disposed or cancelled while events wait in their channel.</summary>
internal sealed class DiscardingRegressionTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>The channel went on to say that there was something to read, and reading that there was nothing.</summary>
    [Test]
    public async Task A_batch_read_ends_when_what_waited_was_discarded([Values] bool byToken)
    {
        await using var bus = new EventBus();
        var reader = await EndWithOneWaitingAsync(bus, byToken);

        Assert.That(await Task.Run(() => reader.ReadAsync(new StreamEvent[8]).AsTask()).WaitAsync(s_patience), Is.Zero);
    }

    [Test]
    public async Task An_enumeration_ends_when_what_waited_was_discarded([Values] bool byToken)
    {
        await using var bus = new EventBus();
        var reader = await EndWithOneWaitingAsync(bus, byToken);

        Assert.That(await Task.Run(() => reader.ReadAllAsync().CountAsync().AsTask()).WaitAsync(s_patience), Is.Zero);
    }

    [Test]
    public async Task A_handlers_subscription_completes_when_it_is_disposed_while_events_wait()
    {
        await using var bus = new EventBus();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var proceed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handled = 0;
        await using var subscription = bus.Subscribe(new SubscriptionOptions { Topic = "t" }, async (_, _) =>
        {
            handled++;
            started.TrySetResult();
            await proceed.Task;
        });
        bus.Publish("t", "note");
        await started.Task.WaitAsync(s_patience);
        bus.Publish("t", "note");
        await subscription.DisposeAsync();
        proceed.SetResult();

        Assert.That(await subscription.Completion.WaitAsync(s_patience), Is.EqualTo(EndReason.Disposed));
        Assert.That(handled, Is.EqualTo(1));
    }

    private static async Task<EventSubscription> EndWithOneWaitingAsync(EventBus bus, bool byToken)
    {
        using var source = new CancellationTokenSource();
        var reader = bus.Subscribe("t", cancellationToken: source.Token);
        bus.Publish("t", "note");
        if (byToken)
        {
            await source.CancelAsync();
        }
        else
        {
            await reader.DisposeAsync();
        }

        return reader;
    }
}
