using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

/// <summary>What is published between a reader's look into its empty channel and its look into the topic comes first all the same.</summary>
[Category("Concurrency")]
internal sealed class RefillRaceTests
{
    private static readonly EventTypeDescriptor s_type = new(SampleTypes.Asked) { Critical = true };

    private readonly Topic _topic = new("session-1", new HistoryOptions(), TimeProvider.System);

    [Test]
    public async Task Order_holds_when_events_come_and_the_reader_falls_behind_while_it_waits_for_the_topic()
    {
        await using var bus = new EventBus();
        await using var subscription = new EventSubscription(bus, new SubscriptionOptions { Topic = _topic.Name, Capacity = 3, CriticalReserve = 1 }, createRunner: null);
        Assert.That(subscription.TryAttach(_topic), Is.True);
        subscription.Start(CancellationToken.None);
        Publish(critical: false);
        Publish(critical: false);
        Publish(critical: false); // Dropped: there is a gap to ask the topic for.

        var read = new List<StreamEvent>();
        var reader = new Thread(() => read.AddRange(subscription.ReadAvailable()));
        lock (_topic.Gate)
        {
            // It reads 1 and 2, finds its channel empty and wants the lock, which is all it can ever wait for.
            reader.Start();
            Assert.That(SpinWait.SpinUntil(() => reader.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromSeconds(30)), Is.True);
            Publish(critical: true);
            Publish(critical: true);
            Publish(critical: true);
            Publish(critical: true);
            Assert.That((subscription.IsLagging, subscription.Queued), Is.EqualTo((true, 3L)), "A gap and three events in the channel, one in history.");
        }

        Assert.That(reader.Join(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(read.Summaries(), Is.EqualTo(["1", "2", "gap 3-3 (1 Overflow)", "4", "5", "6", "7"]));
    }

    private void Publish(bool critical)
    {
        var traits = critical ? EventTraits.Published | EventTraits.Critical : EventTraits.Published;
        var item = new StreamEvent(_topic.Origin, DateTimeOffset.UnixEpoch, s_type, data: null, source: null, runId: null, details: null, traits, size: 200);
        Assert.That(_topic.TryAppend(item), Is.True);
    }
}
