using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Upcasting;

/// <summary>Seed 2's default types, row by row.</summary>
internal sealed class SessionEventUpcasterTests
{
    private static readonly TestCaseData[] Rows =
    [
        Row("client_output_delta", """{"content":"Hi","snapshot":"Hi"}""", """message.start {"id":"queen/n//"""),
        Row("client_input_requested", """{"prompt":"Go on?","options":["yes"]}""", """input.requested {"id":"r1-1","prompt":"Go on?","schema":{"options":["yes"]}}"""),
        Row("client_input_received", """{"content":"yes"}""", """input.received {"id":"r1-1","value":"yes"}"""),
        Row("llm_text_delta", """{"content":"So"}""", """reasoning.delta {"id":"queen/n/r1//","text":"So"}"""),
        Row("tool_call_started", """{"tool_use_id":"0198f2a0-0000-7000-8000-000000000001","tool_name":"t","tool_input":{"a":1}}""", """tool_call.start {"id":"0198f2a0-0000-7000-8000-000000000001","tool":"t","agent":"queen","arguments":{"a":1}}"""),
        Row("tool_call_completed", """{"tool_use_id":"u1","tool_name":"t","result":"ok","is_error":false}""", """tool_call.complete {"id":"""),
        Row("execution_started", """{"input":{"a":1}}""", """run.start {"kind":"queen","input":{"a":1},"attempt":1}"""),
        Row("execution_completed", """{"output":{"b":2}}""", """run.complete {"outcome":"success","result":{"b":2}}"""),
        Row("execution_failed", """{"error":"No key"}""", """error {"code":"execution_failed","message":"No key","recoverable":false}"""),
        Row("execution_paused", """{"reason":"user"}""", """run.paused {"reason":"user"}"""),
        Row("node_loop_started", """{"max_iterations":5}""", """loop.started {"node":"n","max_iterations":5}"""),
        Row("node_loop_iteration", """{"iteration":2}""", """loop.iteration {"node":"n","iteration":2}"""),
        Row("node_loop_completed", """{"iterations":3}""", """loop.completed {"node":"n","iteration":3}"""),
        Row("llm_turn_complete", """{"model":"m","input_tokens":1,"output_tokens":2}""", """status {"message":"m has answered"}"""),
        Row("node_action_plan", """{"plan":"First this"}""", """status {"message":"First this"}"""),
        Row("goal_progress", """{"progress":0.5,"criteria_status":{}}""", """progress {"stage":"goal","fraction":0.5}"""),
        Row("node_internal_output", """{"content":"x"}""", """reasoning.delta {"id":"queen/n/r1//","text":"x"}"""),
        Row("node_stalled", """{"reason":"same"}""", """node.stalled {"node":"n","reason":"same"}"""),
        Row("node_retry", """{"retry_count":2,"error":"429"}""", """node.retry {"node":"n","iteration":2,"reason":"429"}"""),
        Row("node_tool_doom_loop", """{"description":"the same call again"}""", """node.stalled {"node":"n","reason":"the same call again"}"""),
        Row("context_compacted", """{"usage_before":90,"usage_after":40}""", """context.compacted {"tokens":40,"before":90}"""),
        Row("context_usage_updated", """{"estimated_tokens":10,"max_context_tokens":100}""", """context.usage {"tokens":10,"limit":100}"""),
        Row("worker_colony_loaded", """{"colony_name":"c"}""", """status {"message":"Loaded c"}"""),
        Row("colony_created", """{"colony_id":"c"}""", """status {"message":"Created c"}"""),
        Row("credentials_required", """{"provider":"mail","message":"to send"}""", """credentials.required {"provider":"mail","message":"to send"}"""),
        Row("subagent_report", """{"subagent_id":"w1","message":"Done"}""", """subagent.report {"worker":"w1","report":"Done"}"""),
        Row("queen_phase_changed", """{"phase":"building"}""", """step.start {"step_id":"phase-1","name":"building","position":1,"has_knowledge":false,"has_tools":false}"""),
        Row("trigger_available", """{"trigger_id":"t","name":"Nightly"}""", """trigger.available {"id":"t","name":"Nightly"}"""),
        Row("trigger_activated", """{"trigger_id":"t"}""", """trigger.activated {"id":"t"}"""),
        Row("trigger_deactivated", """{"trigger_id":"t"}""", """trigger.deactivated {"id":"t"}"""),
        Row("trigger_fired", """{"trigger_id":"t"}""", """trigger.fired {"id":"t"}"""),
        Row("trigger_removed", """{"trigger_id":"t"}""", """trigger.removed {"id":"t"}"""),
        Row("trigger_updated", """{"trigger_id":"t"}""", """trigger.updated {"id":"t"}"""),
    ];

    [TestCaseSource(nameof(Rows))]
    public void A_row_maps(string line, string expected)
    {
        var drafts = Upcasts.DraftsOf(line);
        Assert.That(Wire.Of(drafts), Has.Some.StartsWith(expected.Replace("queen/n//", "queen/n/r1//", StringComparison.Ordinal)));
        Assert.That(drafts, Has.All.Property("Source").EqualTo("queen").And.All.Property("RunId").EqualTo("r1"));
        Assert.That(drafts.Select(draft => draft.Type), Has.All.Matches<string>(type => AgentEvents.Catalog.TryGet(type, out _)));
    }

    [Test]
    public void The_text_of_a_turn_becomes_a_message_that_begins_and_ends_with_the_whole_text() =>
        Assert.That(
            Upcasts.Of(
                Line("client_output_delta", """{"content":"Hel","snapshot":"Hel","inner_turn":0}"""),
                Line("client_output_delta", """{"content":"lo","snapshot":"Hello","inner_turn":0}"""),
                Line("llm_turn_complete", """{"input_tokens":3,"output_tokens":2}"""),
                Line("client_output_delta", """{"content":"More","inner_turn":1}"""),
                Line("execution_completed", """{"output":"x"}""")),
            Is.EqualTo(Wire.Lines(
                """message.start {"id":"queen/n/r1//0","role":"assistant"}""",
                """message.delta {"id":"queen/n/r1//0","text":"Hel"}""",
                """message.delta {"id":"queen/n/r1//0","text":"lo"}""",
                """message.complete {"id":"queen/n/r1//0","role":"assistant","text":"Hello"}""",
                """status {"message":"The model has answered"}""",
                """message.start {"id":"queen/n/r1//1","role":"assistant"}""",
                """message.delta {"id":"queen/n/r1//1","text":"More"}""",
                """message.complete {"id":"queen/n/r1//1","role":"assistant","text":"More"}""",
                """run.complete {"outcome":"success","usage":{"in":3,"out":2},"result":"x"}""")));

    [Test]
    public void Turns_that_are_not_numbered_are_messages_of_their_own() =>
        Assert.That(
            Upcasts.DraftsOf(
                Line("client_output_delta", """{"content":"a"}"""), Line("llm_turn_complete", "{}"), Line("client_output_delta", """{"content":"b"}"""))
                .Select(draft => draft.Data).OfType<MessageCompleted>().Select(message => message.Id),
            Is.EqualTo(Wire.Lines("queen/n/r1//", "queen/n/r1//#2")));

    [Test]
    public void An_answer_belongs_to_the_question_before_it()
    {
        var drafts = Upcasts.DraftsOf(Line("client_input_requested", """{"prompt":"?"}"""), Line("client_input_received", """{"content":"a"}"""));
        Assert.That(((InputReceived)drafts[1].Data!).Id, Is.EqualTo(((InputRequested)drafts[0].Data!).Id));
    }

    [Test]
    public void A_new_phase_ends_the_one_before() =>
        Assert.That(
            Upcasts.DraftsOf(Line("queen_phase_changed", """{"phase":"a"}"""), Line("queen_phase_changed", """{"phase":"b"}""")).Select(draft => draft.Type),
            Is.EqualTo(Wire.Lines("step.start", "step.complete", "step.start")));

    [Test]
    public void A_workers_stream_is_its_source() =>
        Assert.That(
            Upcasts.DraftsOf("""message {"type":"execution_started","stream_id":"worker:7","run_id":"r2","data":{}}"""),
            Has.Count.EqualTo(1).And.All.Property("Source").EqualTo("worker:7").And.All.Property("RunId").EqualTo("r2"));

    private static string Line(string type, string data) =>
        $$"""message {"type":"{{type}}","stream_id":"queen","node_id":"n","execution_id":"r1","data":{{data}}}""";

    private static TestCaseData Row(string type, string data, string expected) =>
        new TestCaseData(Line(type, data), expected).SetName($"{char.ToUpperInvariant(type[0])}{type[1..]}_becomes_{expected[..expected.IndexOf(' ', StringComparison.Ordinal)].Replace('.', '_')}");
}
