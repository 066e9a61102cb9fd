using System.Text.Json;
using EventStreaming.Agents.Protocols;
using EventStreaming.Agents.Tests.Protocols.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols.AgUi;

/// <summary>Several runs, workers, questions and gaps in AG-UI.</summary>
internal sealed class AgUiStreamTests
{
    private static readonly Guid s_call = Guid.Parse("0190a0e2-0000-7000-8000-000000000001");
    private EventBus _bus = null!; // SetUp makes one for each test.

    [SetUp]
    public void Start() => _bus = new EventBus(catalog: AgentEvents.Catalog);

    [TearDown]
    public async Task StopAsync() => await _bus.DisposeAsync();

    [Test]
    public async Task A_worker_is_a_subagent_of_whom_only_what_surfaces_is_shown()
    {
        var viewer = AgUiViewer.Watch(_bus, runId: "r1");
        Publish("run.start", new RunStarted("index"));
        Publish("run.start", new RunStarted("read", ParentRunId: "r1"), "w1", "worker:1");
        Publish("message.complete", new MessageCompleted("m1", "assistant", "Noise."), "w1", "worker:1");
        Publish("subagent.report", new SubagentReport("1", "Read."), "w1", "worker:1");
        Publish("run.complete", new RunCompleted(RunOutcome.Success), "w1", "worker:1");
        Publish("run.start", new RunStarted("read", ParentRunId: "r1"), "w2", "worker:2");
        Publish("run.complete", new RunCompleted(RunOutcome.Cancelled), "w2", "worker:2");
        Publish("run.start", new RunStarted("read", ParentRunId: "r1"), "w3", "worker:3");
        Publish("error", new AgentError("gone", "No file."), "w3", "worker:3");
        Publish("run.start", new RunStarted("read", ParentRunId: "r1"), "w4", "worker:4");
        Publish("run.complete", new RunCompleted(RunOutcome.Success));
        await viewer.OverAsync();

        Assert.That(viewer.Told, Is.EqualTo([
            "RUN_STARTED", "SUBAGENT_STARTED worker:1", "CUSTOM subagent.report", "SUBAGENT_FINISHED success", "SUBAGENT_STARTED worker:2", "SUBAGENT_ERROR It was cancelled.",
            "SUBAGENT_STARTED worker:3", "SUBAGENT_ERROR No file.", "SUBAGENT_STARTED worker:4", "SUBAGENT_FINISHED suspended", "RUN_FINISHED success",
        ]));
        Assert.That(viewer.Frame("CUSTOM").GetProperty("subagentRunId").GetString(), Is.EqualTo("w1"));
    }

    [Test]
    public async Task What_workers_say_is_told_apart_by_their_ids_if_asked_for()
    {
        var viewer = AgUiViewer.Watch(_bus, runId: "r1", includeWorkers: true);
        Publish("run.start", new RunStarted("index"));
        Publish("message.start", new MessageStarted("m1", "assistant"));
        Publish("run.start", new RunStarted("read", ParentRunId: "r1"), "w1", "worker:1");
        Publish("run.start", new RunStarted("part", ParentRunId: "w1"), "w2", "worker:2");
        Publish("message.delta", new MessageDelta("m1", "Mine."), "w1", "worker:1");
        Publish("step.start", new StepStarted("s1", "Read", 1), "w2", "worker:2");
        Publish("message.delta", new MessageDelta("m1", "Other's."), "other", "worker:9");
        await viewer.SeeAsync(Publish("message.delta", new MessageDelta("m1", "Root's.")));

        Assert.That(viewer.Told, Is.EqualTo([
            "RUN_STARTED", "TEXT_MESSAGE_START m1", "SUBAGENT_STARTED worker:1", "SUBAGENT_STARTED worker:2", "TEXT_MESSAGE_START w1/m1", "TEXT_MESSAGE_CONTENT Mine.",
            "STEP_STARTED Read", "TEXT_MESSAGE_CONTENT Root's.",
        ]));
        Assert.That(viewer.Frame("SUBAGENT_STARTED").GetProperty("parentSubagentRunId").GetString(), Is.EqualTo("w1"));
        Assert.That(viewer.Checker.Texts["w1/m1"], Is.EqualTo("Mine."));
    }

    [Test]
    public async Task A_second_run_at_a_time_is_a_subagent_and_goes_on_as_a_run_when_the_first_has_ended()
    {
        var viewer = AgUiViewer.Watch(_bus);
        Publish("run.start", new RunStarted("index"));
        Publish("run.start", new RunStarted("other"), "r2", "queen");
        Publish("message.delta", new MessageDelta("m1", "One, "), "r2", "queen");
        Publish("run.complete", new RunCompleted(RunOutcome.Success));
        Publish("message.complete", new MessageCompleted("m1", "assistant", "One, two."), "r2", "queen");
        await viewer.SeeAsync(Publish("run.complete", new RunCompleted(RunOutcome.Success), "r2", "queen"));

        Assert.That(viewer.Told, Is.EqualTo([
            "RUN_STARTED", "SUBAGENT_STARTED queen", "TEXT_MESSAGE_START r2/m1", "TEXT_MESSAGE_CONTENT One, ", "TEXT_MESSAGE_END r2/m1", "SUBAGENT_FINISHED suspended",
            "RUN_FINISHED success", "RUN_STARTED", "TEXT_MESSAGE_START m1", "TEXT_MESSAGE_CONTENT One, two.", "TEXT_MESSAGE_END m1", "RUN_FINISHED success",
        ]));
    }

    [Test]
    public async Task A_question_ends_the_run_on_the_wire_and_its_answer_starts_it_again()
    {
        var viewer = AgUiViewer.Watch(_bus);
        await viewer.SeeAsync(Publish("run.start", new RunStarted("index")));
        Publish("step.start", new StepStarted("s1", "Delete", 1));
        Publish("message.start", new MessageStarted("m1", "assistant"));
        Publish("message.delta", new MessageDelta("m1", "May "));
        Publish("tool_call.start", new ToolCallStarted(s_call, "delete"));
        await viewer.SeeAsync(Publish("input.requested", new InputRequested("q1", "May I?", JsonDocument.Parse("""{"type":"boolean"}""").RootElement, s_call)));
        Publish("status", new Status("Waiting"));
        Publish("input.received", new InputReceived("q1", JsonDocument.Parse("true").RootElement), run: null);
        Publish("message.delta", new MessageDelta("m1", "I?"));
        Publish("tool_call.complete", new ToolCallCompleted(s_call, Summary: "Done."));
        Publish("message.complete", new MessageCompleted("m1", "assistant", "May I?"));
        Publish("step.complete", new StepCompleted("s1", "Delete", 1));
        await viewer.SeeAsync(Publish("run.complete", new RunCompleted(RunOutcome.Success)));

        Assert.That(viewer.Told, Is.EqualTo([
            "RUN_STARTED", "STEP_STARTED Delete", "TEXT_MESSAGE_START m1", "TEXT_MESSAGE_CONTENT May ", "TOOL_CALL_START", "TOOL_CALL_ARGS {}", "TOOL_CALL_END",
            "TEXT_MESSAGE_END m1", "STEP_FINISHED Delete", "RUN_FINISHED interrupt", "RUN_STARTED", "STEP_STARTED Delete", "TEXT_MESSAGE_START m1", "TEXT_MESSAGE_CONTENT I?",
            $"TOOL_CALL_RESULT result:{s_call}", "TEXT_MESSAGE_END m1", "STEP_FINISHED Delete", "RUN_FINISHED success",
        ]));
        Assert.That(
            viewer.Frames[9].GetProperty("outcome").GetProperty("interrupts").GetRawText(),
            Is.EqualTo($$$"""[{"id":"q1","reason":"tool_call","message":"May I?","toolCallId":"{{{s_call}}}","responseSchema":{"type":"boolean"}}]"""));
        Assert.That(viewer.Checker.Texts["m1"], Is.EqualTo("May I?"));
    }

    [Test]
    public async Task A_stream_of_one_run_is_over_with_a_question_and_one_that_was_answered_before_is_not_asked()
    {
        Publish("run.start", new RunStarted("index"));
        Publish("input.requested", new InputRequested("q1", "May I?"));
        Publish("input.received", new InputReceived("q1"));
        Publish("input.requested", new InputRequested("q2", "Really?"));
        Publish("run.start", new RunStarted("read", ParentRunId: "r1"), "w1", "worker:1");
        Publish("input.requested", new InputRequested("q3", "Me, too?"), "w1", "worker:1");
        var viewer = AgUiViewer.Watch(_bus, runId: "r1");
        await viewer.OverAsync();

        Assert.That(viewer.Told, Is.EqualTo(["RUN_STARTED", "SUBAGENT_STARTED worker:1", "SUBAGENT_FINISHED suspended", "RUN_FINISHED interrupt"]));
        Assert.That(
            viewer.Frame("RUN_FINISHED").GetProperty("outcome").GetProperty("interrupts").GetRawText(),
            Is.EqualTo("""[{"id":"q2","reason":"input_required","message":"Really?"},{"id":"q3","reason":"input_required","message":"Me, too?","subagentRunId":"w1"}]"""));
        Assert.That(viewer.Frame("SUBAGENT_FINISHED").GetProperty("outcome").GetRawText(), Is.EqualTo("""{"type":"suspended","interruptIds":["q3"]}"""));
    }

    [Test]
    public async Task A_run_that_is_cancelled_while_it_waits_is_started_again_to_be_finished()
    {
        var viewer = AgUiViewer.Watch(_bus);
        await viewer.SeeAsync(Publish("run.start", new RunStarted("index")));
        await viewer.SeeAsync(Publish("input.requested", new InputRequested("q1", "May I?")));
        await viewer.SeeAsync(Publish("run.complete", new RunCompleted(RunOutcome.Cancelled)));

        Assert.That(viewer.Told, Is.EqualTo(["RUN_STARTED", "RUN_FINISHED interrupt", "RUN_STARTED", "RUN_FINISHED cancelled"]));
    }

    [Test]
    public async Task Of_two_questions_the_one_left_is_asked_again()
    {
        var viewer = AgUiViewer.Watch(_bus);
        await viewer.SeeAsync(Publish("run.start", new RunStarted("index")));
        await viewer.SeeAsync(Publish("input.requested", new InputRequested("q1", "One?")));
        await viewer.SeeAsync(Publish("input.requested", new InputRequested("q2", "Two?")));
        await viewer.SeeAsync(Publish("input.received", new InputReceived("q1")));

        Assert.That(viewer.Told.Where(static told => told.StartsWith("RUN_", StringComparison.Ordinal)), Is.EqualTo([
            "RUN_STARTED", "RUN_FINISHED interrupt", "RUN_STARTED", "RUN_FINISHED interrupt", "RUN_STARTED", "RUN_FINISHED interrupt",
        ]));
        Assert.That(viewer.Frame("RUN_FINISHED").GetProperty("outcome").GetProperty("interrupts").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task What_was_lost_of_a_message_comes_with_its_end()
    {
        await _bus.DisposeAsync();
        _bus = new EventBus(new EventStreamingOptions { History = { Capacity = 4 } }, AgentEvents.Catalog);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Publish("run.start", new RunStarted("index"));
        Publish("message.start", new MessageStarted("m1", "assistant"));
        Publish("message.delta", new MessageDelta("m1", "a"));
        var viewer = AgUiViewer.Watch(_bus, gate: gate.Task);
        for (var letter = 'b'; letter <= 'y'; letter++)
        {
            Publish("message.delta", new MessageDelta(letter < 'm' ? "m1" : "m2", letter.ToString()));
        }

        // More than may wait for it: it falls behind, and history holds only the newest.
        for (var index = 0; index < 2_000; index++)
        {
            Publish("context.usage", new ContextUsage(index));
        }

        Publish("message.complete", new MessageCompleted("m1", "assistant", "abcdefghijkl"));
        var last = Publish("message.complete", new MessageCompleted("m2", "assistant", "mnopqrstuvwxy"));
        gate.SetResult();
        await viewer.SeeAsync(last);

        Assert.That(viewer.Told, Has.Some.EqualTo("CUSTOM stream.gap"));
        Assert.That(viewer.Checker.Texts["m1"], Is.EqualTo("abcdefghijkl"));
        Assert.That(viewer.Checker.Texts["m2"], Is.EqualTo("mnopqrstuvwxy"));
    }

    [Test]
    public async Task What_ended_longer_ago_than_is_remembered_breaks_no_rule_when_it_comes_again()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new AgUiProtocol(new FixedSnapshots(null)) { IncludeWorkers = true }, "r1");
        script.Publish(AgentEvents.RunStart, new RunStarted("index"), "r1");
        for (var i = 0; i <= RecentIds<string>.Capacity; i++)
        {
            Work(i);
            _ = viewer.Messages;
        }

        Work(0);
        script.Publish(AgentEvents.Status, new Status("Noise"), "w0", "worker:0");
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success), "r1");
        var checker = new AgUiChecker();
        foreach (var message in viewer.Messages)
        {
            checker.Check(message);
        }

        Assert.That(viewer.IsOver, Is.True);
        Assert.That(viewer.Messages.Count(static message => message.Contains("\"w0\"", StringComparison.Ordinal)), Is.EqualTo(3), "It started, spoke and ended once.");

        void Work(int worker)
        {
            script.Publish(AgentEvents.RunStart, new RunStarted("read", ParentRunId: "r1"), $"w{worker}", $"worker:{worker}");
            script.Publish(AgentEvents.Status, new Status("Reading"), $"w{worker}", $"worker:{worker}");
            script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success), $"w{worker}", $"worker:{worker}");
        }
    }

    private StreamEvent Publish(string type, object? data, string? run = "r1", string? source = null) =>
        _bus.Publish(AgUiViewer.Topic, new EventDraft(type, data) { RunId = run, Source = source });
}
