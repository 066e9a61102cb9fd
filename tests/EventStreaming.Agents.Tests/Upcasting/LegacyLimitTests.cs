using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using EventStreaming.Agents.Tests.Mapping;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Upcasting;

/// <summary>However long a legacy stream is, what is kept of it has a limit, and nothing that was opened stays open.</summary>
internal sealed class LegacyLimitTests
{
    private const int MaxOpen = 1_024;
    private const int MaxRemembered = 16_384;

    private readonly List<EventDraft> _drafts = [];
    private EventUpcaster _upcaster = null!;

    [SetUp]
    public void SetUp()
    {
        _upcaster = EventUpcaster.ForLegacyNames();
        _drafts.Clear();
    }

    [TestCase("step_started", "step")]
    [TestCase("tool_call_started", "tool_use_id")]
    [TestCase("tool-execution-start", "tool_call_id")]
    public void For_one_call_too_many_the_oldest_is_ended(string type, string idField)
    {
        Give(MaxOpen, index => $$"""{"type":"{{type}}","data":{"{{idField}}":"c{{index}}","tool":"t"} }""");
        Assert.That(All<ToolCallCompleted>(), Is.Empty);
        Give(10, index => $$"""{"type":"{{type}}","data":{"{{idField}}":"d{{index}}","tool":"t"} }""");

        var started = All<ToolCallStarted>();
        Assert.That(All<ToolCallCompleted>().Select(static end => end.Id), Is.EqualTo(started.Take(10).Select(static start => start.Id)));
        _upcaster.Flush(_drafts);
        Assert.That(All<ToolCallCompleted>().Select(static end => end.Id), Is.EqualTo(started.Select(static start => start.Id)));
    }

    [Test]
    public void For_one_message_too_many_the_oldest_is_ended()
    {
        Give(MaxOpen + 10, static index => $$"""{"type":"client_output_delta","stream_id":"s{{index}}","data":{"content":"x"} }""");
        Assert.That(All<MessageCompleted>().Select(static end => end.Id), Is.EqualTo(All<MessageStarted>().Take(10).Select(static start => start.Id)));
    }

    [Test]
    public void For_one_prompt_or_search_too_many_the_oldest_is_ended()
    {
        Give(MaxOpen + 10, static index => $$"""{"type":"prompt-start","data":{"promptId":"p{{index}}"} }""");
        Give(MaxOpen + 10, static index => $$"""{"type":"knowledge-retrieval-start","data":{"promptId":"p{{index}}"} }""");
        Assert.That(All<StepCompleted>().Select(static end => end.StepId), Is.EqualTo(All<StepStarted>().Take(10).Select(static start => start.StepId)));
        Assert.That(All<KnowledgeRetrieved>().Select(static end => end.Id), Is.EqualTo(All<KnowledgeRetrievalStarted>().Take(10).Select(static start => start.Id)));
    }

    [Test]
    public void A_prompt_and_a_search_that_nobody_ended_end_with_their_run()
    {
        Give(1, static _ => """{"type":"prompt-start","data":{"executionId":"e","promptId":"p","promptName":"Plan"} }""");
        Give(1, static _ => """{"type":"knowledge-retrieval-start","data":{"executionId":"e","promptId":"p"} }""");
        Give(1, static _ => """{"type":"execution-complete","data":{"executionId":"e"} }""");
        Assert.That(_drafts.Select(static draft => draft.Type), Is.EqualTo(Wire.Lines("step.start", "knowledge.retrieval_start", "knowledge.retrieved", "step.complete", "run.complete")));
        Assert.That(_drafts, Has.All.Property(nameof(EventDraft.RunId)).EqualTo("e"));
        Assert.That(All<StepCompleted>().Single().Name, Is.EqualTo("Plan"));
    }

    [Test]
    public void Prompts_are_counted_from_one_in_each_run()
    {
        for (var run = 0; run < 2; run++)
        {
            Give(1, static _ => """{"type":"execution-start","data":{} }""");
            Give(2, static index => $$"""{"type":"prompt-start","data":{"promptId":"p{{index}}"} }""");
            Give(1, static _ => """{"type":"execution-complete","data":{} }""");
        }

        Assert.That(All<StepStarted>().Select(static step => step.Position), Is.EqualTo(Enumerable.Range(1, 2).Concat(Enumerable.Range(1, 2))));
    }

    [Test]
    public void Ids_stay_unique_when_no_more_are_remembered()
    {
        for (var round = 0; round < 2; round++)
        {
            Give(MaxRemembered + 10, static index => $$"""{"type":"step_started","data":{"step":{{index}},"tool":"t"} }""", static index => $$"""{"type":"step_complete","data":{"step":{{index}}} }""");
            Give(MaxRemembered + 10, static index => $$"""{"type":"tool_call_started","data":{"tool_use_id":"u{{index}}"} }""", static index => $$"""{"type":"tool_call_completed","data":{"tool_use_id":"u{{index}}"} }""");
            Give(MaxRemembered + 10, static index => $$"""{"type":"client_output_delta","node_id":"n{{index}}","data":{"content":"x"} }""", static index => $$"""{"type":"llm_turn_complete","node_id":"n{{index}}","data":{} }""");
        }

        const int Expected = 2 * (MaxRemembered + 10);
        Assert.That(All<ToolCallStarted>().Select(static start => start.Id).Distinct().Count(), Is.EqualTo(2 * Expected));
        Assert.That(All<ToolCallCompleted>().Count, Is.EqualTo(2 * Expected));
        Assert.That(All<MessageStarted>().Select(static start => start.Id).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(Expected));
    }

    [Test]
    public void A_message_without_end_goes_on_as_others_and_no_word_of_it_is_lost()
    {
        var piece = new string('x', 1_000);
        Give(1_000, _ => $$"""{"type":"client_output_delta","stream_id":"s","data":{"content":"{{piece}}","snapshot":null} }""");
        _upcaster.Flush(_drafts);

        var messages = All<MessageCompleted>();
        Assert.That(messages, Has.Count.EqualTo(8));
        Assert.That(messages.Sum(static message => message.Text.Length), Is.EqualTo(1_000_000));
        Assert.That(messages.Max(static message => message.Text.Length), Is.LessThanOrEqualTo(131_072));
    }

    [Test]
    public void What_is_said_to_be_the_whole_text_is_not_taken_for_the_rest_of_a_long_one()
    {
        var piece = new string('x', 100_000);
        Give(2, index => $$"""{"type":"client_output_delta","stream_id":"s","data":{"content":"{{piece}}","snapshot":"{{string.Concat(Enumerable.Repeat(piece, index + 1))}}"} }""");
        _upcaster.Flush(_drafts);
        Assert.That(All<MessageCompleted>().Sum(static message => message.Text.Length), Is.EqualTo(200_000));
    }

    [Test]
    public void What_is_open_together_has_a_limit()
    {
        var text = new string('x', 100_000);
        Give(300, index => $$"""{"type":"client_output_delta","stream_id":"s{{index}}","data":{"content":"{{text}}"} }""");
        Assert.That(All<MessageStarted>().Count - All<MessageCompleted>().Count, Is.EqualTo((16 << 20) / 100_000));

        Give(300, static index => $$"""{"type":"step_started","data":{"step":"r{{index}}","tool":"t"} }""");
        Give(300, index => $$"""{"type":"step_response","data":{"step":"r{{index}}","result":"{{text}}"} }""");
        Assert.That(All<ToolCallStarted>().Count - All<ToolCallCompleted>().Count, Is.InRange(150, 170));
    }

    [Test]
    public void A_call_that_was_ended_for_lack_of_room_and_goes_on_is_another()
    {
        Give(MaxOpen + 1, static index => $$"""{"type":"step_started","data":{"step":{{index}},"tool":"t"} }""");
        Give(1, static _ => """{"type":"step_complete","data":{"step":0,"response":"late"} }""");
        Assert.That(All<ToolCallCompleted>()[^1].Summary, Is.EqualTo("late"));
        Assert.That(All<ToolCallStarted>().Select(static start => start.Id), Is.Unique);
    }

    [Test]
    public void An_id_of_megabytes_is_not_kept()
    {
        var id = new string('x', 1 << 20);
        var kept = Weigh(() => Give(200, index => $$"""{"type":"step_started","data":{"step":"{{index}}{{id}}","tool":"t"} }""", index => $$"""{"type":"step_complete","data":{"step":"{{index}}{{id}}"} }"""));
        Assert.That(kept, Is.LessThan(20 << 20));
    }

    [Test]
    public void The_payload_of_what_is_open_is_not_kept()
    {
        var noise = new string('x', 1 << 20);
        var kept = Weigh(() => Give(100, index => $$"""{"type":"prompt-start","data":{"promptId":"p{{index}}","noise":"{{noise}}"} }""", index => $$"""{"type":"client_output_delta","stream_id":"s{{index}}","data":{"content":"x","noise":"{{noise}}"} }"""));
        Assert.That(kept, Is.LessThan(20 << 20));
    }

    [Test]
    public void Runs_that_never_end_are_ended_when_there_are_too_many()
    {
        var options = Mapped.Options;
        options.MaxOpen = 3;
        var drafts = Mapped.DraftsOf(
            new LegacyEventMapper(options: options), [.. Enumerable.Range(0, 5).Select(static index => $$"""{"type":"run_start","stream_id":"queen","run_id":"r{{index}}","data":{} }""")]);
        Assert.That(
            drafts.Select(static draft => $"{draft.Source} {draft.RunId} {draft.Type}"),
            Is.EqualTo(Wire.Lines("queen r0 run.start", "queen r1 run.start", "queen r2 run.start", "queen r0 error", "queen r3 run.start", "queen r1 error", "queen r4 run.start")));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long Weigh(Action give)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        give();
        _drafts.Clear();
        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }

    private List<TData> All<TData>() => [.. _drafts.Select(static draft => draft.Data).OfType<TData>()];

    private void Give(int count, params Func<int, string>[] events)
    {
        for (var index = 0; index < count; index++)
        {
            foreach (var make in events)
            {
                var json = make(index);
                Assert.That(LegacyEvent.TryParse(Encoding.UTF8.GetBytes(json), type: null, out var item), Is.True, () => index.ToString(CultureInfo.InvariantCulture));
                _upcaster.Upcast(item, _drafts);
            }
        }
    }
}
