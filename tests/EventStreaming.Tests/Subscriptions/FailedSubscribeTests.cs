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
    public async Task Subscriptions_made_on_many_threads_are_never_more_than_allowed_and_refused_ones_take_no_place()
    {
        const int Allowed = 3;
        const int Threads = 8;
        await using var bus = SampleTypes.CreateBus(static options => options.MaxSubscriptions = Allowed);
        using var barrier = new Barrier(Threads);
        var held = 0;
        var refused = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                barrier.SignalAndWait();
                for (var i = 0; i < 2_000; i++)
                {
                    try
                    {
                        var subscription = bus.Subscribe("session-1");
                        Note(Interlocked.Increment(ref held));
                        Note(bus.SubscriptionCount);
                        Interlocked.Decrement(ref held);
                        _ = subscription.DisposeAsync().AsTask();
                    }
                    catch (SubscriptionLimitException)
                    {
                        Interlocked.Increment(ref refused);
                        Note(bus.SubscriptionCount);
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))).WithinSafetyAsync();

        Assert.That(most, Is.LessThanOrEqualTo(Allowed));
        Assert.That(refused, Is.Positive, "Otherwise nothing was tested.");
        Assert.That(bus.SubscriptionCount, Is.Zero);
        for (var i = 0; i < Allowed; i++)
        {
            Assert.That(() => bus.Subscribe("session-1"), Throws.Nothing);
        }

        Assert.That(() => bus.Subscribe("session-1"), Throws.TypeOf<SubscriptionLimitException>());

        void Note(int count)
        {
            var seen = Volatile.Read(ref most);
            while (count > seen)
            {
                seen = Interlocked.CompareExchange(ref most, count, seen);
            }
        }
    }
}
