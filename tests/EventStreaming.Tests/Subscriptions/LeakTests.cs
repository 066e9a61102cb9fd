using System.Runtime.CompilerServices;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

/// <summary>What has ended, closed or been forgotten is not kept alive. Each helper that holds strong references is a method of its own.</summary>
[NonParallelizable]
internal sealed class LeakTests
{
    [Test]
    public async Task A_disposed_subscription_and_what_waited_in_it_are_collectable([Values(null, "session-1")] string? topic, [Values] bool lagging)
    {
        await using var bus = SampleTypes.CreateBus();
        using var owner = new CancellationTokenSource();
        var neighbour = bus.Subscribe("session-1");
        var weak = await SubscribeAndDisposeAsync(bus, topic, lagging, owner.Token);
        await AssertCollectedAsync(weak);
        GC.KeepAlive(neighbour);
    }

    [Test]
    public async Task A_subscription_that_completed_is_collectable_though_nobody_disposed_it()
    {
        await using var bus = SampleTypes.CreateBus();
        await AssertCollectedAsync(await SubscribeAndCompleteAsync(bus));
    }

    [Test]
    public async Task A_handlers_subscription_that_ended_is_collectable()
    {
        await using var bus = SampleTypes.CreateBus();
        await AssertCollectedAsync(await HandleAndCompleteAsync(bus));
    }

    [Test]
    public async Task A_closed_topic_and_its_events_are_collectable_though_readers_of_all_topics_go_on()
    {
        await using var bus = SampleTypes.CreateBus();
        var all = bus.Subscribe(new SubscriptionOptions());
        await AssertCollectedAsync(PublishAndClose(bus, all));
        GC.KeepAlive(all);
    }

    [Test]
    public async Task A_closed_topic_and_its_events_are_collectable_though_an_ended_reader_is_kept([Values(null, "session-1")] string? topic, [Values] bool lagging)
    {
        await using var bus = SampleTypes.CreateBus();
        var reader = bus.Subscribe(new SubscriptionOptions { Topic = topic, Capacity = lagging ? 2 : 16 });
        var weak = await PublishEndAndCloseAsync(bus, reader);
        await AssertCollectedAsync(weak);
        Assert.That(reader.EndReason, Is.EqualTo(EndReason.Disposed));
        GC.KeepAlive(reader);
    }

    [Test]
    public async Task A_finished_wait_leaves_nothing_behind()
    {
        await using var bus = SampleTypes.CreateBus();
        await AssertCollectedAsync(await WaitAsync(bus));
    }

    [Test]
    public async Task A_bus_that_nobody_disposed_is_collectable()
    {
        var clock = new ManualTimeProvider();
        await AssertCollectedAsync(ForgetBus(clock));
        clock.Advance(TimeSpan.FromMinutes(5));
    }

    [Test]
    public async Task A_bus_that_was_disposed_is_collectable()
    {
        var clock = new ManualTimeProvider();
        await AssertCollectedAsync(await DisposeBusAsync(clock));
        GC.KeepAlive(clock);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> SubscribeAndDisposeAsync(EventBus bus, string? topic, bool lagging, CancellationToken owner)
    {
        var subscription = bus.Subscribe(new SubscriptionOptions { Topic = topic, Capacity = lagging ? 2 : 16 }, owner);
        bus.PublishMany("session-1", SampleTypes.Asked, 5);
        await subscription.DisposeAsync();
        bus.PublishMany("session-1", SampleTypes.Asked, 5);
        return new WeakReference(subscription);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> PublishEndAndCloseAsync(EventBus bus, EventSubscription reader)
    {
        var item = bus.Publish("session-1", SampleTypes.Asked);
        bus.PublishMany("session-1", SampleTypes.Asked, 4);
        await reader.DisposeAsync();
        Assert.That(reader.TryRead(out _), Is.False);
        bus.CloseTopic("session-1");
        return new WeakReference(item);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> SubscribeAndCompleteAsync(EventBus bus)
    {
        var subscription = bus.Subscribe("session-1");
        bus.Publish("session-1", SampleTypes.Completed);
        await subscription.Completion.WithinSafetyAsync();
        return new WeakReference(subscription);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> HandleAndCompleteAsync(EventBus bus)
    {
        var subscription = bus.Subscribe(new SubscriptionOptions { Topic = "session-1" }, static (_, _) => ValueTask.CompletedTask);
        bus.Publish("session-1", SampleTypes.Completed);
        await subscription.Completion.WithinSafetyAsync();
        return new WeakReference(subscription);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference PublishAndClose(EventBus bus, EventSubscription all)
    {
        var weak = new WeakReference(bus.Publish("session-1", SampleTypes.Delta).Origin);
        all.ReadAvailable();
        bus.CloseTopic("session-1");
        all.ReadAvailable();
        return weak;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> WaitAsync(EventBus bus)
    {
        var captured = new object();
        var wait = bus.WaitForAsync("session-1", item => !ReferenceEquals(item, captured));
        bus.Publish("session-1", SampleTypes.Delta);
        await wait.WithinSafetyAsync();
        return new WeakReference(captured);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ForgetBus(TimeProvider clock)
    {
        var bus = SampleTypes.CreateBus(null, clock);
        bus.Subscribe("session-1");
        bus.Publish("session-1", SampleTypes.Delta);
        return new WeakReference(bus);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> DisposeBusAsync(TimeProvider clock)
    {
        var bus = SampleTypes.CreateBus(null, clock);
        bus.Subscribe("session-1");
        await bus.DisposeAsync();
        return new WeakReference(bus);
    }

    /// <summary>
    /// What follows an end runs on the thread pool, and on a busy machine a thread may stop half-way there with its hands full: so it is
    /// looked for again and again, until the time is up that turns a leak into a failure.
    /// </summary>
    private static async Task AssertCollectedAsync(WeakReference weak)
    {
        using var safety = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (weak.IsAlive && !safety.IsCancellationRequested)
        {
            await Task.Run(Thread.Yield, CancellationToken.None);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(weak.IsAlive, Is.False);
    }
}
