using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Snapshots;

internal sealed class SnapshotInterruptionTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task What_was_too_slow_for_a_critical_event_is_taken_up_again_and_says_that_it_is_truncated()
    {
        using var log = new LogRecorder();
        await using var bus = new EventBus(new EventStreamingOptions { History = { Capacity = 16, CriticalCapacity = 16 } }, AgentEvents.Catalog);
        using var gated = new GatedBus(bus);
        await using var snapshots = new SessionSnapshots(gated, loggerFactory: log);
        bus.Publish(Topic, AgentEvents.RunStart.Draft(new RunStarted("index")) with { RunId = "run-1" });
        bus.Publish(Topic, AgentEvents.MessageDelta.Draft(new MessageDelta("message-1", "before ")) with { RunId = "run-1" });
        bus.Publish("calm", AgentEvents.RunStart.Draft(new RunStarted("calm")) with { RunId = "run-2" });
        await Eventually.IsAsync(() => snapshots.Find(Topic)?.Messages.Count == 1 && snapshots.Find("calm") is not null);

        gated.Close();
        bus.Publish("other", AgentEvents.RunStart, new RunStarted("keeps the reader"));
        await gated.Waits;
        for (var i = 0; i < 20_000; i++)
        {
            bus.Publish(Topic, AgentEvents.MessageComplete.Draft(new MessageCompleted("message-2", "assistant", $"{i}")) with { RunId = "run-1" });
        }

        bus.Publish(Topic, AgentEvents.MessageDelta.Draft(new MessageDelta("message-1", "after")) with { RunId = "run-1" });
        var head = bus.FindTopic(Topic)!.Head;
        gated.Open();
        await Eventually.IsAsync(() => snapshots.Find(Topic)?.Cursor == head);
        var snapshot = snapshots.Find(Topic)!;

        Assert.That(log.Of(4300).Single().Message, Does.Contain("SlowConsumer"));
        Assert.That((snapshot.IsTruncated, snapshot.Runs.Single().RunId, snapshot.Messages[1].Text), Is.EqualTo((true, "run-1", "19999")));
        Assert.That((snapshot.Messages[0].Text, snapshot.Messages[0].HasGaps), Is.EqualTo(("before ", true)), "The beginning of it, not a text with a hole.");
        Assert.That(snapshots.Find("calm")!.IsTruncated, Is.False, "Nothing of it is missing.");
    }

    [Test]
    public async Task What_the_reader_gets_late_of_a_closed_topic_does_not_come_into_its_next_life()
    {
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        using var gated = new GatedBus(bus);
        await using var snapshots = new SessionSnapshots(gated);
        gated.Close();
        bus.Publish("other", AgentEvents.RunStart, new RunStarted("keeps the reader"));
        await gated.Waits;
        bus.Publish(Topic, AgentEvents.RunStart.Draft(new RunStarted("first life")) with { RunId = "run-1" });
        bus.CloseTopic(Topic);
        var second = bus.Publish(Topic, AgentEvents.RunStart.Draft(new RunStarted("second life")) with { RunId = "run-2" });
        gated.Open();
        await Eventually.IsAsync(() => snapshots.Find(Topic)?.Cursor == second.Cursor);

        Assert.That(snapshots.Find(Topic)!.Runs.Single().Start.Kind, Is.EqualTo("second life"));
    }

    [Test]
    public async Task However_topics_come_and_go_at_once_what_is_there_is_known_and_nothing_else_is_kept()
    {
        await using var test = new SnapshotBus();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                var topic = $"session-{i % 3}";
                test.Publish(AgentEvents.MessageComplete, new MessageCompleted($"{worker}-{i}", "assistant", "x"), topic: topic);
                _ = test.Snapshots.Find(topic);
                if (i % 7 == worker)
                {
                    test.Bus.CloseTopic(topic);
                }
            }
        }))).WithinSafetyAsync();
        for (var i = 0; i < 3; i++)
        {
            test.Publish(AgentEvents.RunStart, new RunStarted("last"), topic: $"session-{i}");
            await test.CurrentAsync($"session-{i}");
            test.Bus.CloseTopic($"session-{i}");
            Assert.That(test.Snapshots.Find($"session-{i}"), Is.Null);
        }

        Assert.That((test.Snapshots.Count, test.Snapshots.Bytes), Is.EqualTo((0, 0L)));
    }
}
