using System.Text;
using System.Text.Json;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>An agent that wants to do harm: it takes no more memory than is allowed, and its run is one run all the same.</summary>
internal sealed class HostileAgentTests
{
    private const string Start = """{"type":"RUN_STARTED","threadId":"t","runId":"u"}""";

    [Test]
    public void Many_subagents_hold_no_more_text_than_one_run_may()
    {
        var text = new string('x', 100_000);
        var kept = Weigh(new AgUiEventMapper(Mapped.Options), [Start, .. Enumerable.Range(0, 400).SelectMany(index => new[]
        {
            $$"""{"type":"SUBAGENT_STARTED","subagentRunId":"s{{index}}","name":"n"}""",
            $$"""{"type":"TEXT_MESSAGE_START","messageId":"m{{index}}","subagentRunId":"s{{index}}"}""",
            $$"""{"type":"TEXT_MESSAGE_CONTENT","messageId":"m{{index}}","subagentRunId":"s{{index}}","delta":"{{text}}"}""",
            $$"""{"type":"TOOL_CALL_START","toolCallId":"c{{index}}","toolCallName":"t","subagentRunId":"s{{index}}"}""",
            $$"""{"type":"TOOL_CALL_ARGS","toolCallId":"c{{index}}","subagentRunId":"s{{index}}","delta":"{{text}}"}""",
        })]);
        Assert.That(kept, Is.LessThan(60 << 20), "16 Mi characters, and not 80.");
    }

    [Test]
    public void Text_that_has_ended_makes_room_for_more()
    {
        var text = new string('x', 100_000);
        var drafts = Mapped.DraftsOf(new AgUiEventMapper(Mapped.Options), [Start, .. Enumerable.Range(0, 400).SelectMany(index => new[]
        {
            $$"""{"type":"TEXT_MESSAGE_CHUNK","messageId":"m{{index}}","delta":"{{text}}"}""",
            $$"""{"type":"TOOL_CALL_CHUNK","toolCallId":"c{{index}}","toolCallName":"t","delta":"{{text}}"}""",
        }), """{"type":"RUN_FINISHED"}"""]);
        Assert.That(drafts.Select(static draft => draft.Data).OfType<MessageCompleted>().Select(static message => message.Text.Length), Has.All.EqualTo(100_000).And.Exactly(400).Items);
        Assert.That(drafts.Select(static draft => draft.Data).OfType<ToolCallStarted>(), Has.Exactly(400).Items);
        Assert.That(drafts, Has.None.Property("Type").EqualTo("error"));
    }

    [Test]
    public void Many_subagents_open_no_more_than_is_allowed_together()
    {
        var options = Mapped.Options;
        options.MaxOpen = 10;
        var drafts = Mapped.DraftsOf(new AgUiEventMapper(options), [Start, .. Enumerable.Range(0, 10).SelectMany(static agent => Enumerable.Range(0, 10)
            .Select(index => $$"""{"type":"TEXT_MESSAGE_START","messageId":"m{{agent}}-{{index}}","subagentRunId":"s{{agent}}"}""")
            .Prepend($$"""{"type":"SUBAGENT_STARTED","subagentRunId":"s{{agent}}","name":"n"}""")), """{"type":"RUN_ERROR","message":"x"}"""]);
        Assert.That(drafts.Select(static draft => draft.Data).OfType<MessageStarted>(), Has.Exactly(50).Items);
        WellFormed.Check(drafts, "r");
    }

    [Test]
    public void What_opens_and_closes_for_ever_is_never_too_much()
    {
        var options = Mapped.Options;
        options.MaxOpen = 1;
        var mapper = new AgUiEventMapper(options);
        _ = Mapped.DraftsOf(mapper, [Start, .. Enumerable.Range(0, 20).SelectMany(static index => new[]
        {
            """{"type":"STEP_STARTED","stepName":"s"}""",
            """{"type":"STEP_FINISHED","stepName":"s"}""",
            $$"""{"type":"TOOL_CALL_CHUNK","toolCallId":"c{{index}}","toolCallName":"t"}""",
            $$"""{"type":"TOOL_CALL_RESULT","toolCallId":"c{{index}}","content":"x"}""",
            $$"""{"type":"RUN_FINISHED","outcome":{"type":"interrupt","interrupts":[{"id":"i{{index}}","reason":"x"}]} }""",
            Start,
        })]);
        Assert.That(mapper.Malformed, Is.Zero);
    }

    [Test]
    public void Ids_of_megabytes_are_not_kept()
    {
        var id = new string('x', 1 << 20);
        var kept = Weigh(
            new LangGraphEventMapper(Mapped.Options),
            Enumerable.Range(0, 60).SelectMany(index => Wire.Lines("on_chat_model_start", "on_tool_start", "on_retriever_start").Select(type => $$"""{"event":"{{type}}","run_id":"{{index}}{{type}}{{id}}","name":"x","data":{},"parent_ids":["a"]}""")));
        Assert.That(kept, Is.LessThan(20 << 20));
    }

    [Test]
    public void What_is_nested_too_deeply_is_malformed_or_text_so_that_whatever_is_published_can_be_read()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 60)) + string.Concat(Enumerable.Repeat("]", 60));
        var mapper = new AgUiEventMapper(Mapped.Options);
        var drafts = Mapped.DraftsOf(
            mapper,
            Start,
            $$"""{"type":"CUSTOM","name":"a","value":{{deep}}}""",
            $$"""{"type":"TOOL_CALL_CHUNK","toolCallId":"c","toolCallName":"t","delta":"{{deep}}"}""",
            """{"type":"RUN_FINISHED"}""");
        Assert.That(mapper.Malformed, Is.EqualTo(1));
        Assert.That(drafts.Select(static draft => draft.Data).OfType<ToolCallStarted>().Single().Arguments!.Value.ValueKind, Is.EqualTo(JsonValueKind.String));
    }

    [Test]
    public void A_clock_that_is_put_back_makes_no_duration_less_than_nothing()
    {
        var options = Mapped.Options;
        options.TimeProvider = new BackwardTime();
        var drafts = Mapped.DraftsOf(new AgUiEventMapper(options), Start, """{"type":"TOOL_CALL_CHUNK","toolCallId":"c","toolCallName":"t"}""", """{"type":"RUN_FINISHED"}""");
        Assert.That(drafts.Select(static draft => draft.Data).OfType<ToolCallCompleted>().Single().Duration, Is.EqualTo(TimeSpan.Zero));
        Assert.That(drafts.Select(static draft => draft.Data).OfType<RunCompleted>().Single().Duration, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void What_says_that_it_is_of_another_run_or_answers_what_was_not_asked_here_changes_nothing()
    {
        var drafts = Mapped.DraftsOf(
            new A2AEventMapper(Mapped.Options),
            """{"statusUpdate":{"taskId":"t","status":{"state":"TASK_STATE_WORKING","message":{"messageId":"m","role":"ROLE_AGENT","parts":[{"data":{"id":"other","value":true}}]}},"metadata":{"eventstreaming":{"type":"input.received","run_id":"other"}}}}""",
            """{"statusUpdate":{"taskId":"t","status":{"state":"TASK_STATE_WORKING","message":{"messageId":"m","role":"ROLE_AGENT","parts":[{"data":{"outcome":"success"}}]}},"metadata":{"eventstreaming":{"type":"run.complete","run_id":"other"}}}}""",
            """{"statusUpdate":{"taskId":"t","status":{"state":"TASK_STATE_WORKING","message":{"messageId":"m","role":"ROLE_AGENT","parts":[{"data":{"reason":"x"}}]}},"metadata":{"eventstreaming":{"type":"topic.closed"}}}}""");
        Assert.That(Mapped.Text(drafts), Is.EqualTo(Wire.Lines("""run.start {"kind":"a2a","attempt":1}""", """custom.topic.closed {"reason":"x"}""")));
    }

    private static long Weigh(EventMapper mapper, IEnumerable<string> events)
    {
        var drafts = new List<EventDraft>();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var item in events)
        {
            mapper.Map(Encoding.UTF8.GetBytes(item), drafts);
            drafts.Clear();
        }

        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(mapper);
        return kept;
    }

    private sealed class BackwardTime : TimeProvider
    {
        private long _now = 1L << 40;

        public override long GetTimestamp() => _now -= 1_000;
    }
}
