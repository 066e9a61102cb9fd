using System.Text.Json;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols.AgUi;

/// <summary>Who joins a session that is under way.</summary>
internal sealed class AgUiLateJoinTests
{
    private static readonly Guid s_call = Guid.Parse("0190a0e2-0000-7000-8000-000000000001");
    private static readonly Guid s_ended = Guid.Parse("0190a0e2-0000-7000-8000-000000000002");
    private static readonly Guid s_unfinished = Guid.Parse("0190a0e2-0000-7000-8000-000000000003");
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly EventBus _bus = new(catalog: AgentEvents.Catalog);

    [OneTimeTearDown]
    public async Task StopAsync() => await _bus.DisposeAsync();

    [SetUp]
    public void Clear() => _bus.CloseTopic(AgUiViewer.Topic);

    [Test]
    public async Task A_late_viewer_is_told_how_the_run_stands_and_then_what_comes()
    {
        var viewer = AgUiViewer.Watch(_bus, AtWork(), runId: "r1");
        Publish("message.delta", new MessageDelta("m2", " you?"));
        Publish("message.complete", new MessageCompleted("m2", "assistant", "How are you?"));
        Publish("tool_call.progress", new ToolCallProgress(s_call, Fraction: 0.9));
        Publish("tool_call.complete", new ToolCallCompleted(s_call, Summary: "Found."));
        Publish("step.complete", new StepCompleted("s1", "Read", 1));
        await viewer.SeeAsync(Publish("progress", new Progress("read", 0.9)));

        Assert.That(viewer.Told, Is.EqualTo([
            "RUN_STARTED", "STEP_STARTED Read", "MESSAGES_SNAPSHOT", "ACTIVITY_SNAPSHOT status:r1", "ACTIVITY_SNAPSHOT progress:r1", "SUBAGENT_STARTED worker:1",
            "TEXT_MESSAGE_START m2", "TEXT_MESSAGE_CONTENT How are", "TOOL_CALL_START", "TOOL_CALL_ARGS {}", "TOOL_CALL_END", $"ACTIVITY_SNAPSHOT tool:{s_call}",
            "TEXT_MESSAGE_CONTENT  you?", "TEXT_MESSAGE_END m2", $"ACTIVITY_DELTA tool:{s_call}", $"TOOL_CALL_RESULT result:{s_call}", "STEP_FINISHED Read", "ACTIVITY_DELTA progress:r1",
        ]));
        Assert.That(viewer.Frame("RUN_STARTED").GetProperty("timestamp").GetInt64(), Is.EqualTo(s_start.ToUnixTimeMilliseconds()));
        Assert.That(
            viewer.Frame("MESSAGES_SNAPSHOT").GetRawText(),
            Is.EqualTo("""{"type":"MESSAGES_SNAPSHOT","messages":[{"id":"u0","role":"user","content":"Hi."},{"id":"reasoning:t1","role":"reasoning","content":"Greet."},{"id":"m1","role":"assistant","name":"critic","content":"Hello."}]}"""));
        Assert.That(viewer.Checker.Texts["m2"], Is.EqualTo("How are you?"));
    }

    [Test]
    public async Task A_client_that_says_what_it_has_gets_what_it_lacks()
    {
        const string Input = """{"threadId":"t","runId":"x","messages":[{"id":"u0","role":"user","content":"Hi."},{"id":"m2","role":"assistant","content":"How"},{"id":"c","role":"assistant","toolCalls":[{"id":"0190A0E2-0000-7000-8000-000000000001"}]},{"id":5},null]}""";
        var viewer = AgUiViewer.Watch(_bus, AtWork(), runId: "r1", input: Input);
        Publish("message.complete", new MessageCompleted("u0", "user", "Hi."));
        await viewer.SeeAsync(Publish("message.complete", new MessageCompleted("m2", "assistant", "How are you?")));

        Assert.That(viewer.Told, Is.EqualTo([
            "RUN_STARTED", "STEP_STARTED Read",
            "REASONING_START reasoning:t1", "REASONING_MESSAGE_START reasoning:t1", "REASONING_MESSAGE_CONTENT Greet.", "REASONING_MESSAGE_END reasoning:t1", "REASONING_END reasoning:t1",
            "TEXT_MESSAGE_START m1", "TEXT_MESSAGE_CONTENT Hello.", "TEXT_MESSAGE_END m1",
            "ACTIVITY_SNAPSHOT status:r1", "ACTIVITY_SNAPSHOT progress:r1", "SUBAGENT_STARTED worker:1", "TEXT_MESSAGE_START m2", "TEXT_MESSAGE_CONTENT  are", $"ACTIVITY_SNAPSHOT tool:{s_call}", "TEXT_MESSAGE_CONTENT  you?", "TEXT_MESSAGE_END m2",
        ]));
    }

    [Test]
    public async Task Tool_calls_that_have_ended_are_in_the_conversation_where_they_were_made()
    {
        var viewer = AgUiViewer.Watch(_bus, Called(), runId: "r1");
        await viewer.SeeAsync(Publish("tool_call.complete", new ToolCallCompleted(s_ended, Summary: "Said again.")));

        Assert.That(
            viewer.Frame("MESSAGES_SNAPSHOT").GetProperty("messages").EnumerateArray().Skip(2).Take(4).Select(static message => message.GetRawText()),
            Is.EqualTo([
                $$$"""{"id":"{{{s_ended}}}","role":"assistant","toolCalls":[{"id":"{{{s_ended}}}","type":"function","function":{"name":"read","arguments":"{\"path\":\"a\"}"}}]}""",
                $$$"""{"id":"result:{{{s_ended}}}","role":"tool","content":"No such file.","toolCallId":"{{{s_ended}}}","error":"No such file."}""",
                """{"id":"m1","role":"assistant","name":"critic","content":"Hello."}""",
                $$$"""{"id":"{{{s_unfinished}}}","role":"assistant","toolCalls":[{"id":"{{{s_unfinished}}}","type":"function","function":{"name":"read","arguments":"{}"}}]}""",
            ]));
        Assert.That(viewer.Checker.Results[s_unfinished.ToString()], Is.EqualTo("The run has ended before it."));
        Assert.That(viewer.Told[^1], Is.Not.StartWith("TOOL_CALL_RESULT"), "It has that.");
    }

    [TestCase(null, "TOOL_CALL_START,TOOL_CALL_ARGS,TOOL_CALL_END,TOOL_CALL_RESULT")]
    [TestCase("""{"id":"c","role":"assistant","toolCalls":[{"id":"0190A0E2-0000-7000-8000-000000000002"}]}""", "TOOL_CALL_RESULT")]
    [TestCase("""{"id":"c","role":"assistant","toolCalls":[{"id":"0190a0e2-0000-7000-8000-000000000002"}]},{"id":"r","role":"tool","toolCallId":"0190a0e2-0000-7000-8000-000000000002","content":""}""", "")]
    public async Task A_client_that_was_away_when_a_call_ended_gets_its_result(string? has, string told)
    {
        var viewer = AgUiViewer.Watch(_bus, Called(), runId: "r1", input: $$"""{"messages":[{{has}}]}""");
        await viewer.SeeAsync(Publish("status", new Status("Anything")));

        var frames = viewer.Frames.Where(static frame => frame.TryGetProperty("toolCallId", out var id) && id.GetGuid() == s_ended);
        Assert.That(string.Join(',', frames.Select(static frame => frame.GetProperty("type").GetString())), Is.EqualTo(told));
    }

    [Test]
    public async Task What_subagents_did_is_told_when_they_have_started()
    {
        var ofWorker = Called() with { Messages = [], EndedToolCalls = [new(new ToolCallStarted(s_ended, "read"), null, "w1", "worker:1", new ToolCallCompleted(s_ended), Began: 1)] };
        var viewer = AgUiViewer.Watch(_bus, ofWorker, runId: "r1", input: """{"messages":[]}""", includeWorkers: true);
        await viewer.SeeAsync(Publish("status", new Status("Anything")));
        var silent = AgUiViewer.Watch(_bus, ofWorker, runId: "r1", input: """{"messages":[]}""");
        await silent.SeeAsync(Publish("status", new Status("Anything")));

        Assert.That(viewer.Told, Has.One.EqualTo($"TOOL_CALL_RESULT result:{s_ended}").And.One.StartsWith("SUBAGENT_STARTED"));
        Assert.That(silent.Told, Has.None.StartsWith("TOOL_CALL_RESULT"));
    }

    [Test]
    public async Task A_question_that_is_open_ends_the_stream_of_one_who_joins()
    {
        Publish("status", new Status("Anything"));
        var viewer = AgUiViewer.Watch(_bus, AtWork() with { Inputs = [new InputSnapshot(new InputRequested("q1", "May I?"), "w1", "worker:1")] }, runId: "r1");
        await viewer.OverAsync();

        Assert.That(viewer.Told[^1], Is.EqualTo("RUN_FINISHED interrupt"));
        Assert.That(viewer.Frame("RUN_FINISHED").GetProperty("outcome").GetProperty("interrupts")[0].GetProperty("subagentRunId").GetString(), Is.EqualTo("w1"));
    }

    [TestCase(RunState.Succeeded, "RUN_FINISHED success")]
    [TestCase(RunState.Cancelled, "RUN_FINISHED cancelled")]
    [TestCase(RunState.Failed, "RUN_ERROR It broke.")]
    public async Task A_run_that_has_ended_is_told_with_its_end(RunState state, string end)
    {
        var ended = Run("r1", state, source: null) with { Error = state == RunState.Failed ? new AgentError("broke", "It broke.") : null, OpenSteps = [] };
        var viewer = AgUiViewer.Watch(_bus, AtWork() with { Runs = [ended], ToolCalls = [], Messages = AtWork().Messages.Take(1).ToList() }, runId: "r1");
        await viewer.OverAsync();

        Assert.That(viewer.Told[^1], Is.EqualTo(end));
        Assert.That(viewer.Told[0], Is.EqualTo("RUN_STARTED"));
    }

    [Test]
    public async Task A_viewer_of_an_idle_session_is_told_the_conversation_when_a_run_starts([Values] bool ofOneRun)
    {
        var idle = AtWork() with { Runs = [Run("r0", RunState.Succeeded, source: null)], Reasoning = [], ToolCalls = [] };
        var viewer = AgUiViewer.Watch(_bus, idle, runId: ofOneRun ? "r1" : null);
        await viewer.SeeAsync(Publish("run.start", new RunStarted("index")));

        Assert.That(viewer.Told, Is.EqualTo((string[])["RUN_STARTED", .. ofOneRun ? Array.Empty<string>() : ["MESSAGES_SNAPSHOT"]]));
    }

    private static SessionSnapshot AtWork() => new(
        "thread-1",
        [Run("r1", RunState.Running, source: null), Run("w1", RunState.Running, "worker:1", "r1")],
        [
            new("u0", "user", "Hi.", IsComplete: true, RunId: null, Source: null, Began: 1),
            new("m1", "critic", "Hello.", IsComplete: true, "r1", Source: null, Began: 3),
            new("m2", "assistant", "How are", IsComplete: false, "r1", Source: null, Began: 4),
            new("m1", "assistant", "Noise.", IsComplete: true, "w1", "worker:1"),
        ],
        [new("t1", "Greet.", "r1", Source: null, Began: 2)],
        [new(new ToolCallStarted(s_call, "search"), new ToolCallProgress(s_call, Fraction: 0.5), "r1", Source: null, Began: 5)],
        []);

    private static SessionSnapshot Called() => AtWork() with
    {
        EndedToolCalls =
        [
            new(new ToolCallStarted(s_ended, "read", Arguments: JsonElement.Parse("""{"path":"a"}""")), null, "r1", Source: null, new ToolCallCompleted(s_ended, "No such file."), Began: 2),
            new(new ToolCallStarted(s_unfinished, "read"), null, "r0", Source: null, Completed: null, Began: 3),
        ],
    };

    private static RunSnapshot Run(string id, RunState state, string? source, string? parent = null) => new(
        id,
        source,
        state,
        new RunStarted("index", ParentRunId: parent),
        s_start,
        EndedAt: null,
        Result: null,
        Error: null,
        source is null ? [new StepStarted("s1", "Read", 1)] : [],
        source is null ? new Progress("read", 0.5) : null,
        source is null ? "Reading" : null);

    private StreamEvent Publish(string type, object? data) => _bus.Publish(AgUiViewer.Topic, new EventDraft(type, data) { RunId = "r1" });
}
