using EventStreaming.Tests.Stress;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

/// <summary>What tells of a subscription's completion is made for the first who asks, who may ask at any time.</summary>
[Category("Concurrency")]
internal sealed class SubscriptionCompletionTests
{
    private const int Rounds = 50_000;

    [Test]
    public async Task Who_asks_while_it_completes_is_told([Values] bool starved)
    {
        using var busy = starved ? new BusyCores() : null;
        var lifetimes = Enumerable.Range(0, starved ? Rounds / 100 : Rounds).Select(static _ => CreateEnded(toFinish: 1)).ToArray();
        var asked = new Task<EndReason>[lifetimes.Length];
        var arrived = 0;
        var finishing = AtOnceAsync(i => lifetimes[i].Finish(), static i => i % 2 == 0 ? i / 2 % 256 : 0);
        var asking = AtOnceAsync(i => asked[i] = lifetimes[i].Completion, static i => i % 2 == 1 ? i / 2 % 256 : 0);
        await Task.WhenAll(finishing, asking).WithinSafetyAsync();

        // Both are through: whichever came second has completed it.
        Assert.That(asked.Count(static task => !task.IsCompletedSuccessfully), Is.Zero);
        Assert.That(lifetimes.Zip(asked, static (lifetime, task) => ReferenceEquals(lifetime.Completion, task)), Is.All.True);

        // Not quite at once: one or the other waits for some nanoseconds, so that each step of the one comes between any two of the other.
        Task AtOnceAsync(Action<int> act, Func<int, int> delay) => Task.Factory.StartNew(
            () =>
            {
                for (var i = 0; i < lifetimes.Length; i++)
                {
                    Interlocked.Increment(ref arrived);
                    var spin = default(SpinWait);
                    while (Volatile.Read(ref arrived) < 2 * (i + 1))
                    {
                        spin.SpinOnce(sleep1Threshold: -1);
                    }

                    for (var left = delay(i); left > 0; left--)
                    {
                        Volatile.Read(ref arrived);
                    }

                    act(i);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    [Test]
    public async Task It_is_complete_when_the_last_has_finished_whoever_asked_before()
    {
        var lifetime = CreateEnded(toFinish: 2);
        lifetime.Finish();
        var asked = lifetime.Completion;
        Assert.That(asked.IsCompleted, Is.False);
        lifetime.Finish();

        Assert.That(await asked.WithinSafetyAsync(), Is.EqualTo(EndReason.Disposed));
        Assert.That(lifetime.Completion, Is.SameAs(asked));
    }

    [Test]
    public void Who_asks_afterwards_is_told_at_once()
    {
        var lifetime = CreateEnded(toFinish: 1);
        lifetime.Finish();

        Assert.That(lifetime.Completion.IsCompletedSuccessfully, Is.True);
    }

    private static SubscriptionLifetime CreateEnded(int toFinish)
    {
        var lifetime = new SubscriptionLifetime(new SubscriptionQueue(new SubscriptionOptions { Topic = "session-1" }), toFinish);
        Assert.That(lifetime.TryEnd(EndReason.Disposed, exception: null), Is.True);
        return lifetime;
    }
}
