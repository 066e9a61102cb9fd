using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Snapshots;

internal sealed class SnapshotLimitTests
{
    [Test]
    public async Task Of_too_many_messages_the_oldest_that_is_complete_goes_and_the_snapshot_says_so()
    {
        await using var test = new SnapshotBus(new SessionSnapshotsOptions { MaxItems = 3 });
        test.Publish(AgentEvents.MessageStart, new MessageStarted("open", "assistant"));
        for (var i = 1; i <= 4; i++)
        {
            test.Publish(AgentEvents.MessageComplete, new MessageCompleted($"complete {i}", "assistant", "x"));
        }

        var snapshot = await test.CurrentAsync();
        Assert.That(snapshot.Messages.Select(static message => message.Id), Is.EqualTo(["open", "complete 3", "complete 4"]));
        Assert.That(snapshot.IsTruncated, Is.True);
    }

    [Test]
    public async Task A_session_holds_no_more_bytes_than_it_may_whatever_is_said_in_it()
    {
        const int MaxBytes = 64 << 10;
        await using var test = new SnapshotBus(new SessionSnapshotsOptions { MaxBytesPerSession = MaxBytes });
        var text = new string('x', 1_000);
        for (var i = 0; i < 500; i++)
        {
            test.Publish(AgentEvents.RunStart, new RunStarted(text), $"run-{i}");
            test.Publish(AgentEvents.StepStart, new StepStarted($"step-{i}", text, 1), $"run-{i}");
            test.Publish(AgentEvents.Status, new Status(text), $"run-{i}");
            test.Publish(AgentEvents.MessageDelta, new MessageDelta($"message-{i % 7}", text), $"run-{i}");
            test.Publish(AgentEvents.MessageComplete, new MessageCompleted($"complete-{i}", "assistant", text), $"run-{i}");
            test.Publish(AgentEvents.ReasoningDelta, new ReasoningDelta($"thought-{i % 7}", text), $"run-{i}");
            test.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(Guid.CreateVersion7(), text), $"run-{i}");
            test.Publish(AgentEvents.InputRequested, new InputRequested($"input-{i}", text), $"run-{i}");
        }

        var snapshot = await test.CurrentAsync();
        Assert.That(test.Snapshots.Bytes, Is.InRange(MaxBytes / 4, MaxBytes));
        Assert.That(snapshot.IsTruncated, Is.True);
    }

    [Test]
    public async Task One_long_text_does_not_drive_out_the_rest_and_stays_a_beginning_of_itself()
    {
        await using var test = new SnapshotBus(new SessionSnapshotsOptions { MaxBytesPerSession = 64 << 10 });
        test.Publish(AgentEvents.MessageComplete, new MessageCompleted("first", "user", "Write a lot."));
        for (var i = 0; i < 100; i++)
        {
            test.Publish(AgentEvents.MessageDelta, new MessageDelta("long", new string((char)('a' + (i % 26)), 1_000)));
        }

        var open = (await test.CurrentAsync()).Messages;
        Assert.That(open.Select(static message => (message.Id, message.HasGaps, message.Text.Length)), Is.EqualTo([("first", false, 12), ("long", true, 16_000)]));

        test.Publish(AgentEvents.MessageComplete, new MessageCompleted("long", "assistant", new string('z', 100_000)));
        var complete = (await test.CurrentAsync()).Messages[1];
        Assert.That((complete.Text.Length, complete.IsComplete, complete.HasGaps), Is.EqualTo((16_384, true, true)));
    }

    [Test]
    public async Task Of_too_many_sessions_those_go_first_in_which_nothing_is_at_work()
    {
        await using var test = new SnapshotBus(new SessionSnapshotsOptions { MaxSessions = 3 });
        foreach (var topic in new[] { "busy", "idle-1", "idle-2", "new" })
        {
            test.Publish(AgentEvents.RunStart, new RunStarted("index"), topic: topic);
            if (topic.StartsWith("idle", StringComparison.Ordinal))
            {
                test.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success), topic: topic);
            }
        }

        await test.CurrentAsync("new");
        Assert.That(test.Snapshots.Find("idle-1"), Is.Null);
        Assert.That((test.Snapshots.Find("busy") is not null, test.Snapshots.Find("idle-2") is not null), Is.EqualTo((true, true)));

        test.Publish(AgentEvents.MessageComplete, new MessageCompleted("message-1", "assistant", "x"), topic: "idle-1");
        Assert.That((await test.CurrentAsync("idle-1")).IsTruncated, Is.True, "It was let go, and begins in the middle.");
    }

    [Test]
    public async Task All_sessions_together_hold_no_more_bytes_than_they_may()
    {
        const int MaxBytes = 256 << 10;
        await using var test = new SnapshotBus(new SessionSnapshotsOptions { MaxBytesPerSession = 64 << 10, MaxBytes = MaxBytes });
        for (var i = 0; i < 100; i++)
        {
            test.Publish(AgentEvents.MessageComplete, new MessageCompleted("message-1", "assistant", new string('x', 10_000)), topic: $"session-{i}");
        }

        await test.CurrentAsync("session-99");
        Assert.That(test.Snapshots.Bytes, Is.InRange(MaxBytes / 2, MaxBytes));
        Assert.That(test.Snapshots.Count, Is.LessThan(15));
    }

    [Test]
    public async Task Memory_goes_with_the_topic_also_when_nobody_asks()
    {
        var clock = new ManualTimeProvider();
        await using var test = new SnapshotBus(new SessionSnapshotsOptions(), timeProvider: clock);
        for (var i = 0; i < 10; i++)
        {
            test.Publish(AgentEvents.MessageComplete, new MessageCompleted("message-1", "assistant", "x"), topic: $"session-{i}");
        }

        await test.CurrentAsync("session-9");
        for (var i = 0; i < 9; i++)
        {
            test.Bus.CloseTopic($"session-{i}");
        }

        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That((test.Snapshots.Count, test.Snapshots.Bytes), Is.EqualTo((1, test.Snapshots.Bytes)));
        test.Bus.CloseTopic("session-9");
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.That((test.Snapshots.Count, test.Snapshots.Bytes), Is.EqualTo((0, 0L)));
    }

    [Test]
    public async Task Options_out_of_their_range_are_refused_and_named()
    {
        await using var bus = new EventBus();
        var options = new SessionSnapshotsOptions { MaxSessions = 0, MaxItems = 0, MaxBytesPerSession = 1, MaxBytes = 0, SweepInterval = TimeSpan.Zero };

        var failures = Assert.Throws<OptionsValidationException>(() => _ = new SessionSnapshots(bus, options))!.Failures;
        Assert.That(string.Join(' ', failures), Does.Contain("MaxSessions is 0").And.Contain("MaxItems is 0").And.Contain("MaxBytesPerSession is 1").And.Contain("MaxBytes is 0").And.Contain("SweepInterval is 00:00:00"));
    }
}
