using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Upcasting;

/// <summary>What several events of a session are together.</summary>
internal sealed class SessionEventUpcasterTests
{
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
            Is.EqualTo(Wire.Lines("step.start", "step.complete", "step.start", "step.complete")));

    [Test]
    public void A_run_that_ends_closes_its_phase_and_withdraws_its_questions_before_its_terminal_and_the_next_phase_is_another()
    {
        var drafts = Upcasts.DraftsOf(
            Line("execution_started", "{}"),
            Line("queen_phase_changed", """{"phase":"a"}"""),
            Line("client_input_requested", """{"prompt":"?"}"""),
            Line("execution_completed", "{}"),
            Line("queen_phase_changed", """{"phase":"b"}"""));
        Assert.That(drafts.Select(draft => draft.Type), Is.EqualTo(Wire.Lines(
            "run.start", "step.start", "input.requested", "input.received", "step.complete", "run.complete", "step.start", "step.complete")));
        Assert.That(((InputReceived)drafts[3].Data!).Value, Is.Null);
        Assert.That(drafts.Select(draft => draft.Data).OfType<StepStarted>().Select(step => step.StepId), Is.EqualTo(Wire.Lines("phase-1", "phase-2")));
    }

    [Test]
    public void An_answer_that_names_no_question_goes_to_the_first_of_its_source_and_none_is_answered_twice()
    {
        var drafts = Upcasts.DraftsOf(
            Line("client_input_requested", """{"id":"q1"}"""),
            Line("client_input_requested", """{"id":"q2"}"""),
            Line("client_input_received", """{"content":"a"}"""));
        Assert.That(drafts.Select(draft => draft.Data).OfType<InputReceived>().Select(input => $"{input.Id} {input.Value}"), Is.EqualTo(Wire.Lines("q1 a", "q2 ")));
    }

    [Test]
    public void A_workers_stream_is_its_source() =>
        Assert.That(
            Upcasts.DraftsOf("""message {"type":"execution_started","stream_id":"worker:7","run_id":"r2","data":{}}"""),
            Has.Count.EqualTo(1).And.All.Property("Source").EqualTo("worker:7").And.All.Property("RunId").EqualTo("r2"));

    private static string Line(string type, string data) =>
        $$"""message {"type":"{{type}}","stream_id":"queen","node_id":"n","execution_id":"r1","data":{{data}}}""";
}
