using System.Text.Json;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols.AgUi;

/// <summary>What one run, watched from its start, is in AG-UI.</summary>
internal sealed class AgUiRunTests
{
    private static readonly Guid s_call = Guid.Parse("0190a0e2-0000-7000-8000-000000000001");
    private readonly EventBus _bus = new(catalog: AgentEvents.Catalog);

    [OneTimeTearDown]
    public async Task StopAsync() => await _bus.DisposeAsync();

    [SetUp]
    public void Clear() => _bus.CloseTopic(AgUiViewer.Topic);

    [Test]
    public async Task A_run_is_started_says_something_and_is_finished()
    {
        var viewer = AgUiViewer.Watch(_bus, runId: "r1");
        Publish("session.created", new SessionCreated("thread-1"), run: null);
        Publish("run.start", new RunStarted("index", Attempt: 2, TotalSteps: 3));
        Publish("step.start", new StepStarted("s1", "Read", 1));
        Publish("message.start", new MessageStarted("m1", "assistant"));
        Publish("message.delta", new MessageDelta("m1", "Hello "));
        Publish("message.delta", new MessageDelta("m1", "\u00e4\U0001F600\r\n\"you\""));
        Publish("message.complete", new MessageCompleted("m1", "assistant", "Hello \u00e4\U0001F600\r\n\"you\""));
        Publish("step.complete", new StepCompleted("s1", "Read", 1));
        Publish("run.complete", new RunCompleted(RunOutcome.Success, Usage: new TokenUsage(3, 4), Result: Json("""{"files":2}""")));
        await viewer.OverAsync();

        Assert.That(viewer.Told, Is.EqualTo([
            "RUN_STARTED", "CUSTOM session.created", "STEP_STARTED Read", "TEXT_MESSAGE_START m1", "TEXT_MESSAGE_CONTENT Hello ", "TEXT_MESSAGE_CONTENT \u00e4\U0001F600\r\n\"you\"",
            "TEXT_MESSAGE_END m1", "STEP_FINISHED Read", "RUN_FINISHED success",
        ]));
        Assert.That(viewer.Checker.Texts["m1"], Is.EqualTo("Hello \u00e4\U0001F600\r\n\"you\""));
        Assert.That(
            Without(viewer.Frame("RUN_STARTED"), "timestamp"),
            Is.EqualTo("""{"threadId":"thread-1","runId":"r1","type":"RUN_STARTED","rawEvent":{"seq":2,"type":"run.start"},"protocolVersion":"1.0","metadata":{"kind":"index","attempt":2,"total_steps":3}}"""));
        Assert.That(
            Without(viewer.Frame("RUN_FINISHED"), "timestamp"),
            Is.EqualTo("""{"threadId":"thread-1","runId":"r1","type":"RUN_FINISHED","rawEvent":{"seq":9,"type":"run.complete"},"outcome":{"type":"success"},"result":{"files":2},"usage":[{"inputTokens":3,"outputTokens":4,"totalTokens":7}]}"""));
    }

    [Test]
    public async Task A_tool_call_is_started_with_its_arguments_and_gets_a_text_as_its_result()
    {
        var viewer = AgUiViewer.Watch(_bus, runId: "r1");
        Publish("run.start", new RunStarted("index"));
        Publish("tool_call.start", new ToolCallStarted(s_call, "search", Query: "cats", Arguments: Json("""{"q":"cats"}""")));
        await viewer.SeeAsync(Publish("tool_call.progress", new ToolCallProgress(s_call, "looking", 0.5)));
        Publish("tool_call.progress", new ToolCallProgress(s_call, "looking", 0.75));
        Publish("tool_call.complete", new ToolCallCompleted(s_call, Summary: "2 cats", Result: Json("""["a","b"]"""), Duration: TimeSpan.FromMilliseconds(12)));
        Publish("run.complete", new RunCompleted(RunOutcome.Success));
        await viewer.OverAsync();

        Assert.That(viewer.Told, Is.EqualTo([
            "RUN_STARTED", "TOOL_CALL_START", "TOOL_CALL_ARGS {\"q\":\"cats\"}", "TOOL_CALL_END", $"ACTIVITY_SNAPSHOT tool:{s_call}", $"ACTIVITY_DELTA tool:{s_call}",
            $"TOOL_CALL_RESULT result:{s_call}", "RUN_FINISHED success",
        ]));
        Assert.That(viewer.Frame("TOOL_CALL_RESULT").GetProperty("content").GetString(), Is.EqualTo("""["a","b"]"""));
        Assert.That(viewer.Frame("TOOL_CALL_RESULT").GetProperty("metadata").GetRawText(), Is.EqualTo("""{"summary":"2 cats","is_action":false,"duration":12}"""));
        Assert.That(
            viewer.Frame("ACTIVITY_DELTA").GetProperty("patch").GetRawText(),
            Is.EqualTo($$$"""[{"op":"replace","path":"","value":{"id":"{{{s_call}}}","message":"looking","fraction":0.75}}]"""));
    }

    [TestCase("\"a text\"", null, "a text")]
    [TestCase("null", null, "in short")]
    [TestCase("{\"a\":1}", "no leave", "no leave")]
    public async Task A_result_is_its_error_its_text_its_json_or_its_summary(string result, string? error, string content)
    {
        var viewer = AgUiViewer.Watch(_bus, runId: "r1");
        Publish("run.start", new RunStarted("index"));
        Publish("tool_call.start", new ToolCallStarted(s_call, "search"));
        var last = Publish("tool_call.complete", new ToolCallCompleted(s_call, error, "in short", Json(result)));
        await viewer.SeeAsync(last);

        Assert.That(viewer.Frame("TOOL_CALL_RESULT").GetProperty("content").GetString(), Is.EqualTo(content));
        Assert.That(viewer.Frame("TOOL_CALL_ARGS").GetProperty("delta").GetString(), Is.EqualTo("{}"));
    }

    [Test]
    public async Task Status_and_progress_are_activities_that_change()
    {
        var viewer = AgUiViewer.Watch(_bus, runId: "r1");
        Publish("run.start", new RunStarted("index"));
        Publish("status", new Status("Reading"));
        await viewer.SeeAsync(Publish("progress", new Progress("read", 0.1, Eta: TimeSpan.FromSeconds(2))));
        await viewer.SeeAsync(Publish("progress", new Progress("read", double.NaN)));

        Assert.That(viewer.Told, Is.EqualTo(["RUN_STARTED", "ACTIVITY_SNAPSHOT status:r1", "ACTIVITY_SNAPSHOT progress:r1", "ACTIVITY_DELTA progress:r1"]));
        Assert.That(viewer.Frames[2].GetProperty("content").GetRawText(), Is.EqualTo("""{"stage":"read","fraction":0.1,"eta":2000}"""));
    }

    [Test]
    public async Task A_thought_ends_where_something_else_begins()
    {
        var viewer = AgUiViewer.Watch(_bus, runId: "r1");
        Publish("run.start", new RunStarted("index"));
        Publish("reasoning.delta", new ReasoningDelta("m1", "Hm. "));
        Publish("reasoning.delta", new ReasoningDelta("m1", "Well."));
        Publish("message.complete", new MessageCompleted("m1", "assistant", "Yes."));
        Publish("reasoning.delta", new ReasoningDelta("m2", "So?"));
        Publish("run.complete", new RunCompleted(RunOutcome.Cancelled));
        await viewer.OverAsync();

        Assert.That(viewer.Told, Is.EqualTo([
            "RUN_STARTED", "REASONING_START reasoning:m1", "REASONING_MESSAGE_START reasoning:m1", "REASONING_MESSAGE_CONTENT Hm. ", "REASONING_MESSAGE_CONTENT Well.",
            "REASONING_MESSAGE_END reasoning:m1", "REASONING_END reasoning:m1", "TEXT_MESSAGE_START m1", "TEXT_MESSAGE_CONTENT Yes.", "TEXT_MESSAGE_END m1",
            "REASONING_START reasoning:m2", "REASONING_MESSAGE_START reasoning:m2", "REASONING_MESSAGE_CONTENT So?", "REASONING_MESSAGE_END reasoning:m2", "REASONING_END reasoning:m2",
            "RUN_FINISHED cancelled",
        ]));
    }

    [Test]
    public async Task What_is_open_is_closed_before_a_run_is_finished_and_before_it_fails([Values] bool fails)
    {
        var viewer = AgUiViewer.Watch(_bus);
        Publish("run.start", new RunStarted("index"));
        Publish("step.start", new StepStarted("s1", "Read", 1));
        Publish("step.start", new StepStarted("s2", "Read", 2));
        Publish("tool_call.start", new ToolCallStarted(s_call, "search"));
        Publish("message.start", new MessageStarted("m1", "assistant"));
        var last = fails ? Publish("error", new AgentError("gone", "The model is gone.")) : Publish("run.complete", new RunCompleted(RunOutcome.Success));
        await viewer.SeeAsync(last);

        Assert.That(viewer.Told.Skip(7), Is.EqualTo([
            "TEXT_MESSAGE_END m1", "STEP_FINISHED Read", "STEP_FINISHED Read (s2)", $"TOOL_CALL_RESULT result:{s_call}", fails ? "RUN_ERROR The model is gone." : "RUN_FINISHED success",
        ]));
    }

    [Test]
    public async Task Nothing_comes_behind_an_error_even_where_several_runs_are_shown()
    {
        var viewer = AgUiViewer.Watch(_bus);
        Publish("run.start", new RunStarted("index"));
        Publish("error", new AgentError("slow", "The model is slow.", Recoverable: true));
        Publish("error", new AgentError("gone", "The model is gone."));
        var last = Publish("run.start", new RunStarted("index"), run: "r2");
        await viewer.SeeAsync(last);
        await viewer.OverAsync();

        Assert.That(viewer.Told, Is.EqualTo(["RUN_STARTED", "CUSTOM error", "RUN_ERROR The model is gone."]));
        Assert.That(viewer.Frame("RUN_ERROR").GetProperty("code").GetString(), Is.EqualTo("gone"));
    }

    [Test]
    public async Task What_comes_between_two_runs_is_told_in_the_next_if_it_is_of_the_session_and_matters()
    {
        var viewer = AgUiViewer.Watch(_bus);
        Publish("run.start", new RunStarted("index"));
        Publish("run.complete", new RunCompleted(RunOutcome.Success));
        Publish("message.delta", new MessageDelta("m1", "late"));
        Publish("trigger.fired", new Trigger("t1"), run: null);
        Publish("status", new Status("Waiting"), run: null);
        Publish("message.complete", new MessageCompleted("u1", "user", "And now?"), run: null);
        Publish("run.start", new RunStarted("index"), run: "r2");
        await viewer.SeeAsync(Publish("trigger.fired", new Trigger("t1"), run: null));

        Assert.That(viewer.Told, Is.EqualTo([
            "RUN_STARTED", "RUN_FINISHED success", "RUN_STARTED", "TEXT_MESSAGE_START u1", "TEXT_MESSAGE_CONTENT And now?", "TEXT_MESSAGE_END u1", "CUSTOM trigger.fired",
        ]));
        Assert.That(viewer.Frame("TEXT_MESSAGE_START").GetProperty("role").GetString(), Is.EqualTo("user"));
    }

    [Test]
    public async Task Payloads_that_came_as_json_are_read_and_such_as_are_none_are_told_as_they_are()
    {
        var viewer = AgUiViewer.Watch(_bus);
        Publish("run.start", Raw("""{"kind":"index"}"""));
        Publish("message.delta", Raw("""{"id":"m1","text":"Hi"}"""));
        Publish("message.delta", Raw("""{"id":7}"""));
        Publish("app.own", Raw("{\"a\":\n1}"));
        await viewer.SeeAsync(Publish("app.empty", null));

        Assert.That(viewer.Told, Is.EqualTo([
            "RUN_STARTED", "TEXT_MESSAGE_START m1", "TEXT_MESSAGE_CONTENT Hi", "CUSTOM message.delta", "CUSTOM app.own", "CUSTOM app.empty",
        ]));
        Assert.That(viewer.Frames.TakeLast(2).Select(static frame => frame.GetProperty("value").GetRawText()), Is.EqualTo(["""{"a":1}""", "{}"]));
    }

    [Test]
    public async Task A_run_that_starts_again_and_what_belongs_to_nothing_does_no_harm()
    {
        var viewer = AgUiViewer.Watch(_bus);
        Publish("message.delta", new MessageDelta("m0", "before"), run: null);
        Publish("tool_call.complete", new ToolCallCompleted(s_call), run: "r1");
        Publish("run.start", new RunStarted("index", Attempt: 2));
        Publish("step.complete", new StepCompleted("s1", "Read", 1));
        Publish("run.complete", new RunCompleted(RunOutcome.Success), run: null);
        Publish("run.complete", new RunCompleted(RunOutcome.Success));
        await viewer.SeeAsync(Publish("message.delta", new MessageDelta("m0", "after")));

        Assert.That(viewer.Told, Is.EqualTo(["RUN_STARTED", "CUSTOM tool_call.complete", "CUSTOM run.start", "CUSTOM step.complete", "RUN_FINISHED success"]));
    }

    [Test]
    public async Task A_stream_that_ends_in_a_run_says_that_the_run_has_not()
    {
        var viewer = AgUiViewer.Watch(_bus, runId: "r1");
        Publish("run.start", new RunStarted("index"));
        await viewer.SeeAsync(Publish("message.delta", new MessageDelta("m1", "Hi")));
        _bus.CloseTopic(AgUiViewer.Topic);
        await viewer.OverAsync();

        Assert.That(viewer.Told.Skip(3), Has.Exactly(2).Items.And.ItemAt(0).EqualTo("TEXT_MESSAGE_END m1"));
        Assert.That(viewer.Frame("RUN_ERROR").GetProperty("code").GetString(), Is.EqualTo("stream_topicClosed"));
    }

    [Test]
    public async Task A_payload_that_cannot_be_written_leaves_nothing_open()
    {
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var viewer = AgUiViewer.Watch(_bus, runId: "r1", gate: disposed.Task);
        Publish("run.start", new RunStarted("index"));
        Publish("tool_call.start", new ToolCallStarted(s_call, "search"));
        using (var gone = JsonDocument.Parse("""{"a":1}"""))
        {
            Publish("tool_call.complete", new ToolCallCompleted(s_call, SubSteps: [gone.RootElement]));
        }

        Publish("run.complete", new RunCompleted(RunOutcome.Success));
        disposed.SetResult();
        await viewer.OverAsync();

        Assert.That(viewer.Told.Skip(4), Is.EqualTo(["CUSTOM stream.gap", $"TOOL_CALL_RESULT result:{s_call}", "RUN_FINISHED success"]));
    }

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    private static JsonPayload Raw(string json) => JsonPayload.Parse(System.Text.Encoding.UTF8.GetBytes(json));

    private static string Without(JsonElement frame, string name) =>
        System.Text.RegularExpressions.Regex.Replace(frame.GetRawText(), $"\"{name}\":\\d+,?", string.Empty, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));

    private StreamEvent Publish(string type, object? data, string? run = "r1") => _bus.Publish(AgUiViewer.Topic, new EventDraft(type, data) { RunId = run });
}
