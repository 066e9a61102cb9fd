using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Limits;

internal sealed class KeyedLimitTests
{
    [Test]
    public async Task Threads_that_enter_and_leave_at_once_never_pass_the_maximum_and_leave_nothing_behind()
    {
        const int Maximum = 3;
        var limit = new KeyedLimit(Maximum);
        var inside = new int[2];
        var barrier = new Barrier(8);
        var threads = Enumerable.Range(0, 8).Select(thread => Task.Factory.StartNew(
            () =>
            {
                barrier.SignalAndWait();
                var most = 0;
                for (var i = 0; i < 20_000; i++)
                {
                    var key = (thread + i) % 2;
                    if (limit.TryEnter(key is 0 ? "a" : "b", out var entered))
                    {
                        most = Math.Max(most, Interlocked.Increment(ref inside[key]));
                        Interlocked.Decrement(ref inside[key]);
                        entered.Exit();
                    }
                }

                return most;
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        var seen = await Task.WhenAll(threads.ToArray()).WithinSafetyAsync();

        Assert.That(seen, Has.All.LessThanOrEqualTo(Maximum).And.Some.Positive);
        Assert.That(limit.KeyCount, Is.Zero);
    }

    [Test]
    public void A_lease_gives_back_once_however_often_it_is_disposed()
    {
        var limits = new ConnectionLimits(new EventStreamHttpOptions { MaxConnectionsPerTopic = 1 });
        Assert.That(limits.TryEnter("default", "one", "alice", out var first, out _), Is.True);
        Assert.That(limits.TryEnter("default", "one", "alice", out _, out var exceeded), Is.False);
        Assert.That(exceeded, Is.EqualTo(ConnectionLimit.Topic));
        Assert.That((limits.Count, limits.Principals.CountOf("alice")), Is.EqualTo((1, 1)), "What the refused one had taken was given back.");
        Assert.That(limits.TryEnter("audit", "one", "alice", out var other, out _), Is.True, "Another bus's topic of that name is another topic.");

        first!.Dispose();
        first.Dispose();
        Assert.That((limits.Count, limits.Principals.CountOf("alice"), limits.Topics.KeyCount), Is.EqualTo((1, 1, 1)));
        other!.Dispose();
        Assert.That((limits.Host.KeyCount, limits.Principals.KeyCount, limits.Topics.KeyCount), Is.EqualTo((0, 0, 0)));
    }
}
