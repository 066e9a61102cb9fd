using System.Diagnostics;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Diagnostics;

/// <summary>A host's activity listener with a bug must not make a publish fail, nor end a handler.</summary>
[NonParallelizable]
internal sealed class ThrowingSpansTests
{
    private const string Topic = "session-1";

    public enum ThrowsWhen
    {
        Sampled,
        Started,
        Stopped,
    }

    [Test]
    public async Task Publishing_and_handling_go_on([Values] ThrowsWhen when)
    {
        var thrown = 0;
        using var listener = Listen(when, () => Interlocked.Increment(ref thrown));
        await using var bus = new EventBus();
        var handled = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var handler = bus.Subscribe(
            new SubscriptionOptions { Topic = Topic },
            (item, _) =>
            {
                if (item.Sequence == 2)
                {
                    handled.SetResult(item.Sequence);
                }

                return ValueTask.CompletedTask;
            });
        bus.Publish(Topic, "step");
        Assert.That(Activity.Current, Is.Null, "A span that could not begin must not stay open.");
        bus.Publish(Topic, "step");

        Assert.That(await handled.Task.WithinSafetyAsync(), Is.EqualTo(2));
        Assert.That(thrown, Is.GreaterThan(2), "By publishes and by the handler.");
        Assert.That(handler.EndReason, Is.Null);
    }

    private static ActivityListener Listen(ThrowsWhen when, Action count)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is EventStreamingDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => Throw(ThrowsWhen.Sampled) ?? ActivitySamplingResult.AllData,
            ActivityStarted = _ => Throw(ThrowsWhen.Started),
            ActivityStopped = _ => Throw(ThrowsWhen.Stopped),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;

        ActivitySamplingResult? Throw(ThrowsWhen now)
        {
            if (now != when)
            {
                return null;
            }

            count();
            throw new InvalidOperationException("A bug in the listener.");
        }
    }
}
