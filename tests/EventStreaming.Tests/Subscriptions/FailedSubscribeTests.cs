using System.Collections.Concurrent;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

/// <summary>A subscribe that fails half-way leaves nothing behind: no place taken, and nothing that a bus being disposed would wait for.</summary>
[Category("Concurrency")]
internal sealed class FailedSubscribeTests
{
    [Test]
    public async Task A_bus_disposed_while_a_subscribe_fails_at_the_topic_limit_does_not_wait_for_it()
    {
        var clock = new HookedTimeProvider();
        var bus = SampleTypes.CreateBus(
            static options => (options.Topics.MaxCount, options.ShutdownTimeout) = (1, TimeSpan.FromHours(1)), clock);
        var (handling, handle) = (Signals.Create(), Signals.Create());

        // It lags, so it keeps its topic from making room until it has been given all.
        var slow = bus.Subscribe(new SubscriptionOptions { Topic = "taken", Capacity = 2 }, async (_, _) =>
        {
            handling.TrySetResult();
            await handle.Task;
        });
        var last = bus.Subscribe(new SubscriptionOptions { Topic = "taken", From = EventCursor.End, EndOnHostStopping = false });
        bus.Publish("taken", SampleTypes.Asked);
        await handling.Task.WithinSafetyAsync();
        bus.PublishMany("taken", SampleTypes.Asked, 5);

        // The subscribe is in the middle of looking for room when the bus looks at who is there to be ended.
        var looking = Signals.Create();
        using var look = new ManualResetEventSlim();
        var thread = -1;
        clock.OnTimestamp = () =>
        {
            if (Environment.CurrentManagedThreadId == Volatile.Read(ref thread) && looking.TrySetResult())
            {
                look.Wait(TimeSpan.FromSeconds(30));
            }
        };
        var subscribing = Task.Factory.StartNew(
            () =>
            {
                Volatile.Write(ref thread, Environment.CurrentManagedThreadId);
                return bus.Subscribe("refused");
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await looking.Task.WithinSafetyAsync();
        Assert.That(bus.SubscriptionCount, Is.EqualTo(3));
        var disposal = bus.DisposeAsync().AsTask();
        Assert.That(await last.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
        look.Set();
        Assert.That(() => subscribing.WithinSafetyAsync(), Throws.TypeOf<TopicLimitException>());
        Assert.That(disposal.IsCompleted, Is.False);
        handle.SetResult();

        await disposal.WithinSafetyAsync();
        Assert.That(await slow.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
        Assert.That(bus.SubscriptionCount, Is.Zero);
    }

    [Test]
    public async Task Of_subscriptions_made_at_once_on_many_threads_exactly_as_many_as_allowed_succeed_and_refused_ones_take_no_place()
    {
        const int Allowed = 3;
        const int Threads = 8;
        const int Rounds = 500;
        await using var bus = SampleTypes.CreateBus(static options => options.MaxSubscriptions = Allowed);
        var made = 0;
        var wrong = new ConcurrentBag<string>();

        // After each round of subscribing, and after each of disposing.
        using var barrier = new Barrier(Threads, phase =>
        {
            var expected = phase.CurrentPhaseNumber % 2 == 0 ? Allowed : 0;
            if (made != expected || bus.SubscriptionCount != expected)
            {
                wrong.Add($"phase {phase.CurrentPhaseNumber}: {made} made, {bus.SubscriptionCount} counted");
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < Rounds; i++)
                {
                    EventSubscription? subscription = null;
                    try
                    {
                        subscription = bus.Subscribe("session-1");
                        Interlocked.Increment(ref made);
                    }
                    catch (SubscriptionLimitException)
                    {
                        // It takes no place: the barrier looks.
                    }

                    barrier.SignalAndWait();
                    if (subscription is not null)
                    {
                        Interlocked.Decrement(ref made);
                        _ = subscription.DisposeAsync().AsTask();
                    }

                    barrier.SignalAndWait();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))).WithinSafetyAsync();

        Assert.That(wrong, Is.Empty);
    }
}
