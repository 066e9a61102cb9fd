using System.Text.Json;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Snapshots;

internal sealed class SessionSnapshotsTests
{
    [Test]
    public async Task What_is_open_is_in_the_snapshot_and_goes_with_its_end()
    {
        await using var test = new SnapshotBus();
        var call = Guid.CreateVersion7();
        test.Publish(AgentEvents.SessionCreated, new SessionCreated("thread-1"), runId: null);
        var start = test.Publish(AgentEvents.RunStart, new RunStarted("index"));
        test.Publish(AgentEvents.StepStart, new StepStarted("step-1", "Read", 1));
        test.Publish(AgentEvents.Status, new Status("Reading"));
        test.Publish(AgentEvents.Progress, new Progress("reading", 0.5));
        test.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(call, "search"));
        test.Publish(AgentEvents.ToolCallProgress, new ToolCallProgress(call, "half"));
        test.Publish(AgentEvents.ReasoningDelta, new ReasoningDelta("thought-1", "Hm"));
        test.Publish(AgentEvents.InputRequested, new InputRequested("input-1", "Go on?"));
        test.Publish(AgentEvents.MessageStart, new MessageStarted("message-1", "assistant"));
        test.Publish(AgentEvents.MessageDelta, new MessageDelta("message-1", "Hel"));
        test.Publish(AgentEvents.RunPaused, new RunPaused("asks"));
        var open = await test.CurrentAsync();
        var run = open.Runs.Single();
        Assert.That((open.ThreadId, run.RunId, run.State, run.StartedAt, run.Status, run.Progress!.Fraction), Is.EqualTo(("thread-1", "run-1", RunState.Paused, start.Time, "Reading", 0.5)));
        Assert.That(run.OpenSteps.Single().StepId, Is.EqualTo("step-1"));
        Assert.That(open.ToolCalls.Single(), Is.EqualTo(new ToolCallSnapshot(new ToolCallStarted(call, "search"), new ToolCallProgress(call, "half"), "run-1", null, Began: 6)));
        Assert.That((open.Reasoning.Single().Text, open.Inputs.Single().Request.Prompt), Is.EqualTo(("Hm", "Go on?")));
        Assert.That(open.Messages.Single(), Is.EqualTo(new MessageSnapshot("message-1", "assistant", "Hel", false, "run-1", null, Began: 10)));

        test.Publish(AgentEvents.RunResumed, new RunResumed());
        test.Publish(AgentEvents.InputReceived, new InputReceived("input-1"));
        test.Publish(AgentEvents.MessageDelta, new MessageDelta("message-1", "lo"));
        test.Publish(AgentEvents.MessageComplete, new MessageCompleted("message-1", "assistant", "Hello"));
        test.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(call));
        test.Publish(AgentEvents.StepComplete, new StepCompleted("step-1", "Read", 1));
        var between = await test.CurrentAsync();
        Assert.That((between.Runs[0].State, between.Runs[0].OpenSteps.Count, between.ToolCalls.Count, between.Inputs.Count), Is.EqualTo((RunState.Running, 0, 0, 0)));
        Assert.That(between.Messages.Single(), Is.EqualTo(new MessageSnapshot("message-1", "assistant", "Hello", true, "run-1", null, Began: 10)));

        var end = test.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Cancelled));
        var over = await test.CurrentAsync();
        Assert.That((over.Runs[0].State, over.Runs[0].EndedAt, over.Reasoning.Count, over.IsTruncated, over.Cursor), Is.EqualTo((RunState.Cancelled, (DateTimeOffset?)end.Time, 0, false, end.Cursor)));
    }

    [Test]
    public async Task A_runs_end_ends_what_it_has_left_open_and_nothing_of_other_runs()
    {
        await using var test = new SnapshotBus();
        foreach (var (run, source) in new[] { ("run-1", "queen"), ("run-2", "worker:1") })
        {
            test.Publish(AgentEvents.RunStart, new RunStarted("index"), run, source);
            test.Publish(AgentEvents.MessageStart, new MessageStarted($"message of {run}", "assistant"), run, source);
            test.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(Guid.CreateVersion7(), $"tool of {run}"), run, source);
            test.Publish(AgentEvents.InputRequested, new InputRequested($"input of {run}", "?"), run, source);
        }

        test.Publish(AgentEvents.Error, new AgentError("soft", "Goes on", Recoverable: true), "run-1", "queen");
        test.Publish(AgentEvents.Error, new AgentError("hard", "Ends"), "run-2", "worker:1");
        var snapshot = await test.CurrentAsync();

        Assert.That(snapshot.Runs.Select(static run => (run.State, run.Error?.Code)), Is.EqualTo([(RunState.Running, (string?)null), (RunState.Failed, "hard")]));
        Assert.That(snapshot.Messages.Select(static message => message.IsComplete), Is.EqualTo([false, true]));
        Assert.That(snapshot.ToolCalls.Single().Start.Tool, Is.EqualTo("tool of run-1"));
        Assert.That(snapshot.Inputs.Single().RunId, Is.EqualTo("run-1"));
    }

    [Test]
    public async Task Nothing_is_known_of_a_topic_that_nobody_has_published_to()
    {
        await using var test = new SnapshotBus();

        Assert.That(test.Snapshots.Find("nowhere"), Is.Null);
    }

    [Test]
    public async Task What_was_published_before_is_known_as_far_as_the_topic_has_it()
    {
        await using var bus = new EventBus(new EventStreamingOptions { History = { Capacity = 4 } }, AgentEvents.Catalog);
        bus.Publish("session-1", AgentEvents.RunStart.Draft(new RunStarted("index")) with { RunId = "run-1" });
        for (var i = 0; i < 20; i++)
        {
            bus.Publish("session-1", AgentEvents.MessageDelta.Draft(new MessageDelta("message-1", "x")) with { RunId = "run-1" });
        }

        await using var snapshots = new SessionSnapshots(bus);
        await Eventually.IsAsync(() => snapshots.Find("session-1")?.Cursor.Sequence == 21);
        var snapshot = snapshots.Find("session-1")!;

        Assert.That(snapshot.Runs.Single().RunId, Is.EqualTo("run-1"), "What is critical is held longer.");
        Assert.That(snapshot.Messages.Single(), Is.EqualTo(new MessageSnapshot("message-1", "assistant", "", false, "run-1", null, HasGaps: true, Began: 18)));
        Assert.That(snapshot.IsTruncated, Is.True);

        bus.Publish("session-1", AgentEvents.MessageComplete.Draft(new MessageCompleted("message-1", "assistant", "whole")) with { RunId = "run-1" });
        await Eventually.IsAsync(() => snapshots.Find("session-1")?.Cursor.Sequence == 22);
        Assert.That(snapshots.Find("session-1")!.Messages.Single(), Is.EqualTo(new MessageSnapshot("message-1", "assistant", "whole", true, "run-1", null, Began: 18)));
    }

    [Test]
    public async Task A_new_life_of_a_topic_begins_with_nothing()
    {
        await using var test = new SnapshotBus();
        test.Publish(AgentEvents.RunStart, new RunStarted("first"));
        await test.CurrentAsync();
        test.Bus.CloseTopic(SnapshotBus.Topic);
        Assert.That(test.Snapshots.Find(SnapshotBus.Topic), Is.Null, "Gone with its topic.");

        test.Publish(AgentEvents.RunStart, new RunStarted("second"), "run-2");
        var snapshot = await test.CurrentAsync();
        Assert.That((snapshot.Runs.Single().Start.Kind, snapshot.IsTruncated), Is.EqualTo(("second", false)));
    }

    [Test]
    public async Task Payloads_that_are_raw_json_are_read_and_those_that_are_not_as_they_should_be_change_nothing()
    {
        await using var test = new SnapshotBus();
        void Say(string type, string json) => test.Bus.Publish(SnapshotBus.Topic, new EventDraft(type, JsonPayload.Parse(System.Text.Encoding.UTF8.GetBytes(json))) { RunId = "run-1" });
        Say("run.start", """{"kind":"index","input":{"a":1},"attempt":1}""");
        Say("message.delta", """{"id":"message-1","text":"Hel"}""");
        string[] hostile = ["null", "[]", "1", "\"x\"", "{}", """{"id":null,"text":null}""", """{"id":7}""", """{"id":{"a":[]}}"""];
        foreach (var json in hostile)
        {
            foreach (var type in new[] { "message.start", "message.delta", "message.complete", "reasoning.delta", "tool_call.start", "tool_call.complete", "tool_call.progress", "step.start", "status", "session.created", "input.received" })
            {
                Say(type, json);
            }
        }

        test.Bus.Publish(SnapshotBus.Topic, new EventDraft("message.delta", null) { RunId = "run-1" });
        Say("message.delta", """{"id":"message-1","text":"lo"}""");
        var snapshot = await test.CurrentAsync();

        Assert.That(snapshot.Messages.Single().Text, Is.EqualTo("Hello"));
        Assert.That(snapshot.Runs.Single().Start.Input!.Value.GetRawText(), Is.EqualTo("""{"a":1}"""));
    }

    [Test]
    public async Task A_document_that_its_publisher_disposes_stays_readable_in_the_snapshot()
    {
        await using var test = new SnapshotBus();
        using (var document = JsonDocument.Parse("""{"a":1}"""))
        {
            test.Publish(AgentEvents.RunStart, new RunStarted("index", document.RootElement));
            await test.CurrentAsync();
        }

        Assert.That((await test.CurrentAsync()).Runs.Single().Start.Input!.Value.GetRawText(), Is.EqualTo("""{"a":1}"""));
    }

    [Test]
    public async Task A_relayed_topic_is_known_too_and_begins_anew_when_its_log_does()
    {
        await using var far = new EventBus(catalog: AgentEvents.Catalog);
        await using var test = new SnapshotBus();
        var start = far.Publish(SnapshotBus.Topic, AgentEvents.RunStart.Draft(new RunStarted("far")) with { RunId = "run-1" });
        using (var feed = test.Bus.OpenFeed(SnapshotBus.Topic, new EventCursor(start.Cursor.EpochToken, 0)))
        {
            feed.TryAppend(FedEvent.From(start));
            feed.TryAppend(new FedEvent(5, "message.delta", JsonPayload.Parse("""{"id":"message-1","text":"Hi"}"""u8.ToArray())) { RunId = "run-1" });
            var snapshot = await test.UntilAsync(SnapshotBus.Topic, static snapshot => snapshot.Cursor.Sequence == 5);
            Assert.That((snapshot.Runs.Single().Start.Kind, snapshot.Messages.Single().Text, snapshot.Cursor.EpochToken, snapshot.IsTruncated), Is.EqualTo(("far", "Hi", start.Cursor.EpochToken, false)));
        }

        far.CloseTopic(SnapshotBus.Topic);
        var again = far.Publish(SnapshotBus.Topic, AgentEvents.RunStart.Draft(new RunStarted("again")) with { RunId = "run-2" });
        using var next = test.Bus.OpenFeed(SnapshotBus.Topic, new EventCursor(again.Cursor.EpochToken, 0));
        next.TryAppend(FedEvent.From(again));
        var renewed = await test.UntilAsync(SnapshotBus.Topic, snapshot => snapshot.Cursor == again.Cursor);
        Assert.That(renewed.Runs.Single().Start.Kind, Is.EqualTo("again"));
    }

    [Test]
    public async Task A_snapshot_is_made_once_for_all_who_ask_until_something_happens()
    {
        await using var test = new SnapshotBus();
        test.Publish(AgentEvents.MessageDelta, new MessageDelta("message-1", "a"));
        test.Publish(AgentEvents.MessageComplete, new MessageCompleted("message-2", "assistant", "b"));
        var first = await test.CurrentAsync();
        Assert.That(test.Snapshots.Find(SnapshotBus.Topic), Is.SameAs(first));

        test.Publish(AgentEvents.MessageDelta, new MessageDelta("message-1", "c"));
        var second = await test.CurrentAsync();
        Assert.That((first.Messages[0].Text, second.Messages[0].Text), Is.EqualTo(("a", "ac")), "What was given out does not change.");
        Assert.That(second.Messages[1], Is.SameAs(first.Messages[1]));
    }

    [Test]
    public async Task It_reads_on_while_the_host_stops_and_ends_with_the_bus()
    {
        var test = new SnapshotBus();
        test.Bus.StopReaders();
        test.Publish(AgentEvents.RunStart, new RunStarted("last"));
        Assert.That((await test.CurrentAsync()).Runs, Has.Count.EqualTo(1));

        await test.Bus.DisposeAsync();
        await test.Snapshots.DisposeAsync();
    }
}
