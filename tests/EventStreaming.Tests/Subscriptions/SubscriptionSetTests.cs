using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

[Category("Concurrency")]
internal sealed class SubscriptionSetTests
{
    [Test]
    public async Task However_many_threads_ask_for_places_no_more_are_given_or_counted_than_there_are([Values(1, 2)] int maximum)
    {
        const int Threads = 4;
        const int Rounds = 50_000;
        await using var bus = new EventBus();
        var set = new SubscriptionSet(maximum);
        using var barrier = new Barrier(Threads);
        var (held, mostHeld, mostCounted) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                var subscription = new EventSubscription(bus, new SubscriptionOptions { Topic = "session-1" }, createRunner: null);
                barrier.SignalAndWait();
                for (var i = 0; i < Rounds; i++)
                {
                    try
                    {
                        set.Add(subscription);
                    }
                    catch (SubscriptionLimitException)
                    {
                        NoteMost(ref mostCounted, set.Count);
                        continue;
                    }

                    NoteMost(ref mostHeld, Interlocked.Increment(ref held));
                    NoteMost(ref mostCounted, set.Count);
                    Interlocked.Decrement(ref held);
                    set.Remove(subscription);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))).WithinSafetyAsync();

        Assert.That(mostHeld, Is.Positive.And.LessThanOrEqualTo(maximum));
        Assert.That(mostCounted, Is.LessThanOrEqualTo(maximum));
        Assert.That(set.Count, Is.Zero);
    }

    private static void NoteMost(ref int most, int count)
    {
        var seen = Volatile.Read(ref most);
        while (count > seen && Interlocked.CompareExchange(ref most, count, seen) is var now && now != seen)
        {
            seen = now;
        }
    }
}
