using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>AG-UI 1.0 streams, written from its schemas, and the forms before.</summary>
internal sealed class AgUiEventMapperTests
{
    private const string Start = """{"type":"RUN_STARTED","threadId":"t1","runId":"u1","protocolVersion":"1.0"}""";
    private const string Finish = """{"type":"RUN_FINISHED","threadId":"t1","runId":"u1","result":{"a":1},"usage":[{"model":"m","inputTokens":10,"outputTokens":2},{"model":"n","inputTokens":1}]}""";

    [Test]
    public void A_run_starts_and_finishes_with_its_usage() =>
        Assert.That(Of(Start, Finish), Is.EqualTo(Wire.Lines(
            """session.created {"thread_id":"t1"}""",
            """run.start {"kind":"ag-ui","attempt":1}""",
            """run.complete {"outcome":"success","duration":0,"usage":{"in":11,"out":2},"result":{"a":1}}""")));

    [Test]
    public void A_cancelled_run_is_cancelled() =>
        Assert.That(Of(Start, """{"type":"RUN_FINISHED","threadId":"t1","runId":"u1","outcome":{"type":"cancelled"}}""")[^1], Is.EqualTo("""run.complete {"outcome":"cancelled","duration":0}"""));

    [Test]
    public void A_run_error_fails_the_run() =>
        Assert.That(Of(Start, """{"type":"RUN_ERROR","message":"No key","code":"auth"}""")[^1], Is.EqualTo("""error {"code":"auth","message":"No key","recoverable":false}"""));

    [Test]
    public void Steps_are_steps() =>
        Assert.That(
            Inner("""{"type":"STEP_STARTED","stepName":"plan"}""", """{"type":"STEP_FINISHED","stepName":"plan"}""", """{"type":"STEP_STARTED","stepName":"plan"}"""),
            Is.EqualTo(Wire.Lines(
                """step.start {"step_id":"plan","name":"plan","position":1,"has_knowledge":false,"has_tools":false}""",
                """step.complete {"step_id":"plan","name":"plan","position":1,"cached":false}""",
                """step.start {"step_id":"plan-2","name":"plan","position":2,"has_knowledge":false,"has_tools":false}""")));

    [Test]
    public void A_text_message_is_a_message() =>
        Assert.That(
            Inner(
                """{"type":"TEXT_MESSAGE_START","messageId":"m1","role":"assistant"}""",
                """{"type":"TEXT_MESSAGE_CONTENT","messageId":"m1","delta":"Be"}""",
                """{"type":"TEXT_MESSAGE_CONTENT","messageId":"m1","delta":"cause"}""",
                """{"type":"TEXT_MESSAGE_END","messageId":"m1"}"""),
            Is.EqualTo(Because));

    [Test]
    public void A_message_in_chunks_ends_with_what_is_no_chunk_of_it() =>
        Assert.That(
            Inner(
                """{"type":"TEXT_MESSAGE_CHUNK","messageId":"m1","role":"assistant","delta":"Be"}""",
                """{"type":"RAW","event":{}}""",
                """{"type":"TEXT_MESSAGE_CHUNK","delta":"cause"}""",
                """{"type":"TEXT_MESSAGE_CHUNK","messageId":"m2","delta":"x"}"""),
            Is.EqualTo(Wire.Lines([.. Because, """message.start {"id":"m2","role":"assistant"}""", """message.delta {"id":"m2","text":"x"}"""])));

    [Test]
    public void A_tool_call_is_one_when_its_arguments_are_complete() =>
        Assert.That(
            Inner(
                """{"type":"TOOL_CALL_START","toolCallId":"c1","toolCallName":"search"}""",
                """{"type":"TOOL_CALL_ARGS","toolCallId":"c1","delta":"{\"q\":"}""",
                """{"type":"TOOL_CALL_ARGS","toolCallId":"c1","delta":"\"x\"}"}""",
                """{"type":"TOOL_CALL_END","toolCallId":"c1"}""",
                """{"type":"TOOL_CALL_RESULT","messageId":"m1","toolCallId":"c1","content":"{\"hits\":2}","role":"tool"}"""),
            Is.EqualTo(Wire.Lines(
                """tool_call.start {"id":"#1","tool":"search","arguments":{"q":"x"}}""",
                """tool_call.complete {"id":"#1","result":{"hits":2},"is_action":false,"duration":0}""")));

    [Test]
    public void A_tool_call_in_chunks_is_one_too() =>
        Assert.That(
            Inner(
                """{"type":"TOOL_CALL_CHUNK","toolCallId":"c1","toolCallName":"search","delta":"{\"q\":"}""",
                """{"type":"TOOL_CALL_CHUNK","delta":"1}"}""",
                """{"type":"TOOL_CALL_RESULT","messageId":"m1","toolCallId":"c1","content":[{"type":"text","text":"two"}]}"""),
            Is.EqualTo(Wire.Lines(
                """tool_call.start {"id":"#1","tool":"search","arguments":{"q":1}}""",
                """tool_call.complete {"id":"#1","result":"two","is_action":false,"duration":0}""")));

    [Test]
    public void A_call_of_the_callers_own_tool_is_left_to_it_without_an_error()
    {
        var drafts = Of(Start, """{"type":"TOOL_CALL_START","toolCallId":"c1","toolCallName":"confirm"}""", """{"type":"TOOL_CALL_END","toolCallId":"c1"}""", Finish);
        Assert.That(drafts[3], Is.EqualTo("""tool_call.complete {"id":"#1","summary":"Its result is left to the caller.","is_action":false,"duration":0}"""));
    }

    [Test]
    public void Reasoning_is_reasoning() =>
        Assert.That(
            Inner(
                """{"type":"REASONING_START","messageId":"r1"}""",
                """{"type":"REASONING_MESSAGE_START","messageId":"r1","role":"reasoning"}""",
                """{"type":"REASONING_MESSAGE_CONTENT","messageId":"r1","delta":"Hm"}""",
                """{"type":"REASONING_MESSAGE_END","messageId":"r1"}""",
                """{"type":"REASONING_END","messageId":"r1"}""",
                """{"type":"THINKING_START"}""",
                """{"type":"THINKING_TEXT_MESSAGE_START"}""",
                """{"type":"THINKING_TEXT_MESSAGE_CONTENT","delta":"so"}""",
                """{"type":"THINKING_TEXT_MESSAGE_END"}""",
                """{"type":"THINKING_END"}"""),
            Is.EqualTo(Wire.Lines("""reasoning.delta {"id":"r1","text":"Hm"}""", """reasoning.delta {"id":"r-reasoning-1","text":"so"}""")));

    [Test]
    public void State_is_passed_on() =>
        Assert.That(
            Inner("""{"type":"STATE_SNAPSHOT","snapshot":{"a":1}}""", """{"type":"STATE_DELTA","delta":[{"op":"replace","path":"/a","value":2}]}"""),
            Is.EqualTo(Wire.Lines("""state.snapshot {"a":1}""", """state.delta [{"op":"replace","path":"/a","value":2}]""")));

    [Test]
    public void A_snapshot_of_messages_tells_what_did_not_come_otherwise() =>
        Assert.That(
            Inner(
                """{"type":"TOOL_CALL_START","toolCallId":"c1","toolCallName":"search"}""",
                """{"type":"TOOL_CALL_END","toolCallId":"c1"}""",
                """{"type":"TEXT_MESSAGE_START","messageId":"m1"}""",
                """{"type":"TEXT_MESSAGE_END","messageId":"m1"}""",
                """{"type":"MESSAGES_SNAPSHOT","messages":[{"id":"m1","role":"assistant","content":""},{"id":"x","role":"tool","toolCallId":"c1","content":"two"},{"id":"m2","role":"assistant","content":"Late"}]}""")[3..],
            Is.EqualTo(Wire.Lines(
                """tool_call.complete {"id":"#1","result":"two","is_action":false,"duration":0}""",
                """message.start {"id":"m2","role":"assistant"}""",
                """message.complete {"id":"m2","role":"assistant","text":"Late"}""")));

    [Test]
    public void What_was_said_before_the_run_is_not_said_again() =>
        Assert.That(
            Of(
                """{"type":"RUN_STARTED","threadId":"t1","runId":"u1","input":{"threadId":"t1","runId":"u1","messages":[{"id":"m0","role":"user","content":"why"}]}}""",
                """{"type":"MESSAGES_SNAPSHOT","messages":[{"id":"m0","role":"user","content":"why"}]}"""),
            Has.Length.EqualTo(2));

    [Test]
    public void Activities_are_progress_or_status_and_patches_change_them() =>
        Assert.That(
            Inner(
                """{"type":"ACTIVITY_SNAPSHOT","messageId":"p","activityType":"progress","content":{"stage":"reading","fraction":0.25}}""",
                """{"type":"ACTIVITY_DELTA","messageId":"p","activityType":"progress","patch":[{"op":"replace","path":"/fraction","value":0.5},{"op":"add","path":"/message","value":"Half"}]}""",
                """{"type":"ACTIVITY_SNAPSHOT","messageId":"s","activityType":"status","content":{"message":"Reading"}}"""),
            Is.EqualTo(Wire.Lines(
                """progress {"stage":"reading","fraction":0.25}""",
                """progress {"stage":"reading","fraction":0.5,"message":"Half"}""",
                """status {"message":"Reading"}""")));

    [TestCase("knowledge.retrieved", """{"id":"k","documents":2}""", """knowledge.retrieved {"id":"k","documents":2}""")]
    [TestCase("upload", """{"progress":0.5}""", """progress {"stage":"upload","fraction":0.5}""")]
    [TestCase("note", """{"message":"Hi"}""", """status {"message":"Hi"}""")]
    [TestCase("PredictState", """[{"a":1}]""", """custom.PredictState [{"a":1}]""")]
    [TestCase("run.complete", """{"outcome":"success"}""", """custom.run.complete {"outcome":"success"}""")]
    public void A_custom_event_is_what_it_can_be_and_never_ends_a_run(string name, string value, string expected) =>
        Assert.That(Inner($$"""{"type":"CUSTOM","name":"{{name}}","value":{{value}}}"""), Is.EqualTo(Wire.Lines(expected)));

    [Test]
    public void An_interrupt_asks_for_input_and_the_run_that_resumes_goes_on()
    {
        var mapper = new AgUiEventMapper(Mapped.Options);
        var first = Mapped.Of(
            mapper,
            Start,
            """{"type":"RUN_FINISHED","threadId":"t1","runId":"u1","outcome":{"type":"interrupt","interrupts":[{"id":"i1","reason":"approval","message":"Go on?","responseSchema":{"type":"boolean"}}]}}""");
        Assert.That(first[^1], Is.EqualTo("""input.requested {"id":"i1","prompt":"Go on?","schema":{"type":"boolean"}}"""));
        Assert.That(mapper.State, Is.EqualTo(EventMapperState.Waiting));

        Assert.That(
            Mapped.Of(
                mapper,
                """{"type":"RUN_STARTED","threadId":"t1","runId":"u2","input":{"threadId":"t1","runId":"u2","messages":[],"resume":[{"interruptId":"i1","status":"resolved","payload":true}]}}""",
                """{"type":"RUN_FINISHED","threadId":"t1","runId":"u2"}"""),
            Is.EqualTo(Wire.Lines("""input.received {"id":"i1","value":true}""", """run.complete {"outcome":"success","duration":0}""")));
    }

    [Test]
    public void A_subagent_is_a_worker_with_a_run_of_its_own()
    {
        var drafts = Mapped.DraftsOf(
            new AgUiEventMapper(Mapped.Options),
            Start,
            """{"type":"SUBAGENT_STARTED","subagentRunId":"s1","name":"reader"}""",
            """{"type":"TEXT_MESSAGE_START","messageId":"m1","subagentRunId":"s1"}""",
            """{"type":"SUBAGENT_FINISHED","subagentRunId":"s1","result":"ok"}""",
            """{"type":"SUBAGENT_STARTED","subagentRunId":"s2","name":"writer"}""",
            Finish);

        WellFormed.Check(drafts, "r");
        var worker = drafts.Where(draft => draft.Source is "worker:s1").ToArray();
        Assert.That(Mapped.Text(worker), Is.EqualTo(Wire.Lines(
            """run.start {"kind":"reader","attempt":1,"parent_run_id":"r"}""",
            """message.start {"id":"m1","role":"assistant"}""",
            """message.complete {"id":"m1","role":"assistant","text":""}""",
            """run.complete {"outcome":"success","duration":0,"result":"ok"}""")));
        Assert.That(drafts.Single(draft => draft.Source is "worker:s2" && draft.Data is RunCompleted).Data, Has.Property("Outcome").EqualTo(RunOutcome.Cancelled));
    }

    [Test]
    public void What_is_open_when_the_run_fails_is_closed_and_a_call_being_prepared_is_not_lost()
    {
        var drafts = Mapped.DraftsOf(
            new AgUiEventMapper(Mapped.Options),
            Start,
            """{"type":"TEXT_MESSAGE_START","messageId":"m1"}""",
            """{"type":"STEP_STARTED","stepName":"plan"}""",
            """{"type":"TOOL_CALL_START","toolCallId":"c1","toolCallName":"search"}""",
            """{"type":"TOOL_CALL_ARGS","toolCallId":"c1","delta":"{\"half"}""",
            """{"type":"RUN_ERROR","message":"Gone"}""");

        WellFormed.Check(drafts, "r");
        Assert.That(Mapped.Text(drafts), Has.Some.EqualTo("""tool_call.start {"id":"#1","tool":"search","arguments":"{\"half"}"""));
    }

    private static string[] Because => Wire.Lines(
        """message.start {"id":"m1","role":"assistant"}""",
        """message.delta {"id":"m1","text":"Be"}""",
        """message.delta {"id":"m1","text":"cause"}""",
        """message.complete {"id":"m1","role":"assistant","text":"Because"}""");

    private static string[] Of(params string[] events) => Mapped.Of(new AgUiEventMapper(Mapped.Options), events);

    /// <summary>Behind the run's start.</summary>
    private static string[] Inner(params string[] events) => Mapped.Text(Mapped.DraftsOf(new AgUiEventMapper(Mapped.Options), [Start, .. events]).Skip(2));
}
