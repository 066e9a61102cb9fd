using System.Collections.Concurrent;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

/// <summary>A handler that is not waited for any more, heeds no token and returns at last, gets nothing more.</summary>
internal sealed class AbortedHandlerTests
{
    private const string Topic = "session-1";

    private readonly ConcurrentQueue<StreamEvent> _handled = new();
    private TaskCompletionSource _entered = null!; // All made anew for each test.
    private TaskCompletionSource _gate = null!;
    private EventBus _bus = null!;

    [SetUp]
    public void Create()
    {
        _handled.Clear();
        _entered = Signals.Create();
        _gate = Signals.Create();
        _bus = SampleTypes.CreateBus(static options => options.ShutdownTimeout = TimeSpan.Zero);
    }

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public async Task Its_subscription_disposed_it_gets_neither_what_waits_nor_what_comes([Values(16, 2)] int capacity)
    {
        var subscription = await SubscribeAsync(capacity);
        await subscription.DisposeAsync();
        _bus.PublishMany(Topic, SampleTypes.Asked, 3);
        Assert.That(subscription.Completion.IsCompleted, Is.False);
        _gate.SetResult();

        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Disposed));
        Assert.That(_handled.Sequences(), Is.EqualTo([1L]));
    }

    [Test]
    public async Task Its_owners_token_cancelled_it_gets_nothing_more()
    {
        using var owner = new CancellationTokenSource();
        var subscription = await SubscribeAsync(capacity: 16, owner.Token);
        await owner.CancelAsync();
        _bus.Publish(Topic, SampleTypes.Asked);
        _gate.SetResult();

        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Cancelled));
        Assert.That(_handled.Sequences(), Is.EqualTo([1L]));
    }

    [Test]
    public async Task Its_subscription_disposed_after_its_topic_was_closed_it_gets_nothing_of_what_was_left()
    {
        var subscription = await SubscribeAsync(capacity: 16);
        _bus.CloseTopic(Topic);
        await subscription.DisposeAsync();
        _gate.SetResult();

        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
        Assert.That(_handled.Sequences(), Is.EqualTo([1L]));
    }

    [Test]
    public async Task Its_bus_disposed_without_it_it_gets_nothing_of_what_was_left([Values] bool asynchronously, [Values(16, 2)] int capacity)
    {
        var subscription = await SubscribeAsync(capacity);
        if (asynchronously)
        {
            await _bus.DisposeAsync().AsTask().WithinSafetyAsync();
        }
        else
        {
            _bus.Dispose();
        }

        _gate.SetResult();
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
        Assert.That(_handled.Sequences(), Is.EqualTo([1L]));
    }

    /// <summary>A handler that is busy with the first event, while two more wait in its channel or, when that is small, in history.</summary>
    private async Task<EventSubscription> SubscribeAsync(int capacity, CancellationToken owner = default)
    {
        var subscription = _bus.Subscribe(
            new SubscriptionOptions { Topic = Topic, Capacity = capacity },
            async (item, _) =>
            {
                _handled.Enqueue(item);
                _entered.TrySetResult();
                await _gate.Task;
            },
            cancellationToken: owner);
        _bus.Publish(Topic, SampleTypes.Asked);
        await _entered.Task.WithinSafetyAsync();
        _bus.PublishMany(Topic, SampleTypes.Asked, 4);
        return subscription;
    }
}
