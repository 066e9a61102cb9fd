using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>
/// Streams as agents really sent them: graphs of LangGraph 1.4 (LangChain core 1.4, JavaScript, <c>streamEvents</c> v2; metadata and the graph's states shortened) and tasks of
/// A2A's own library (1.3, JavaScript).
/// </summary>
internal sealed class CapturedStreamTests
{
    private ImportSite _site = null!; // SetUp makes one for each test.

    [SetUp]
    public void SetUp() => _site = new ImportSite();

    [TearDown]
    public async Task TearDown() => await _site.DisposeAsync();

    [Test]
    public async Task A_graph_is_a_run_of_steps_with_its_search_call_progress_message_and_usage()
    {
        var import = await ImportAsync(new LangGraphEventMapper(Mapped.Options), "langgraph-graph.jsonl");
        Assert.That(import.Outcome, Is.EqualTo(EventImportOutcome.Success));
        Assert.That(import.Malformed, Is.Zero);
        Assert.That((await TellAsync())[1..^1], Is.EqualTo(Wire.Lines(
            """step.start {"step_id":"#1","name":"agent","position":1,"has_knowledge":false,"has_tools":false}""",
            """knowledge.retrieval_start {"id":"#2","repositories":["FakeRetriever"],"query":"cats"}""",
            """knowledge.retrieved {"id":"#2","documents":1,"sources":[{"id":"d1","title":"A","uri":"a.md"}]}""",
            """step.complete {"step_id":"#1","name":"agent","position":1,"cached":false}""",
            """step.start {"step_id":"#3","name":"tools","position":2,"has_knowledge":false,"has_tools":false}""",
            """tool_call.start {"id":"#4","tool":"search","agent":"tools","arguments":{"q":"x"}}""",
            """progress {"stage":"reading","fraction":0.5,"message":"Half"}""",
            """tool_call.complete {"id":"#4","result":{"hits":2},"is_action":false,"duration":0}""",
            """step.complete {"step_id":"#3","name":"tools","position":2,"cached":false}""",
            """step.start {"step_id":"#5","name":"agent","position":3,"has_knowledge":false,"has_tools":false}""",
            """message.start {"id":"#6","role":"assistant"}""",
            """message.delta {"id":"#6","text":"Be"}""",
            """message.delta {"id":"#6","text":"cause"}""",
            """message.complete {"id":"#6","role":"assistant","text":"Because"}""",
            """step.complete {"step_id":"#5","name":"agent","position":3,"cached":false}""")));
        Assert.That((await TellAsync())[^1], Does.StartWith("""run.complete {"outcome":"success","duration":0,"usage":{"in":10,"out":2},"result":{"messages":[{"""));
    }

    [Test]
    public async Task What_happens_within_a_node_has_its_step_as_parent_though_no_parents_are_said()
    {
        _ = await ImportAsync(new LangGraphEventMapper(Mapped.Options), "langgraph-graph.jsonl");
        var events = await _site.ReadAsync();
        var steps = events.Select(static item => item.Data).OfType<StepStarted>().Select(static step => step.StepId).ToArray();
        Assert.That(events.Single(static item => item.Data is ToolCallStarted).ParentId, Is.EqualTo(steps[1]));
        Assert.That(events.Single(static item => item.Data is KnowledgeRetrievalStarted).ParentId, Is.EqualTo(steps[0]));
        Assert.That(events.Single(static item => item.Data is MessageCompleted).ParentId, Is.EqualTo(steps[2]));
        Assert.That(events.Where(static item => item.Data is StepStarted).Select(static item => item.ParentId), Has.All.Null);
    }

    [Test]
    public async Task A_tool_that_fails_is_a_failed_call_without_the_agents_stack()
    {
        var import = await ImportAsync(new LangGraphEventMapper(Mapped.Options), "langgraph-tool-failed.jsonl");
        Assert.That(import.Outcome, Is.EqualTo(EventImportOutcome.Success));
        Assert.That((await TellAsync()).Single(static line => line.StartsWith("tool_call.complete", StringComparison.Ordinal)), Does.Contain("\"error\":\"Too slow\",\"is_action\""));
    }

    [Test]
    public async Task A_graph_that_fails_says_no_error_of_its_chain_and_is_cut_off()
    {
        var import = await ImportAsync(new LangGraphEventMapper(Mapped.Options), "langgraph-graph-failed.jsonl");
        Assert.That(import.Outcome, Is.EqualTo(EventImportOutcome.CutOff));
        Assert.That(import.Error!.Code, Is.EqualTo("stream_ended"));
        Assert.That(TypesOf(await TellAsync())[^3..], Is.EqualTo(Wire.Lines("tool_call.complete", "step.complete", "error")));
    }

    [Test]
    public async Task An_interrupt_within_a_tool_is_a_question_and_no_failure_and_the_next_stream_goes_on()
    {
        var mapper = new LangGraphEventMapper(Mapped.Options);
        var first = await ImportAsync(mapper, "langgraph-interrupted.jsonl");
        Assert.That(first.Outcome, Is.EqualTo(EventImportOutcome.Waiting));
        Assert.That(mapper.Malformed, Is.Zero);
        var told = await TellAsync();
        Assert.That(told[^3..], Is.EqualTo(Wire.Lines(
            """tool_call.complete {"id":"#5","summary":"It waits for an answer, and is begun anew after it.","is_action":false,"duration":0}""",
            """input.requested {"id":"5931733d8283083522d7236c1e4086b2","prompt":"Go on?"}""",
            """step.complete {"step_id":"#4","name":"tools","position":2,"cached":false}""")));

        var second = await ImportAsync(mapper, "langgraph-resumed.jsonl");
        Assert.That(second.Outcome, Is.EqualTo(EventImportOutcome.Success));
        Assert.That(TypesOf((await TellAsync())[told.Length..]), Is.EqualTo(Wire.Lines(
            "step.start", "tool_call.start", "tool_call.complete", "step.complete", "step.start", "message.start", "message.delta", "message.delta", "message.complete", "step.complete", "run.complete")));
    }

    [TestCase("a2a-completed.sse")]
    [TestCase("a2a-completed-rpc.sse")]
    public async Task A_task_is_a_run_with_its_message_and_its_result(string file)
    {
        var import = await ImportAsync(new A2AEventMapper(Mapped.Options), file);
        Assert.That(import, Has.Property("Outcome").EqualTo(EventImportOutcome.Success).And.Property("Malformed").Zero.And.Property("Ignored").Zero);
        Assert.That((await TellAsync())[1..], Is.EqualTo(Wire.Lines(
            """run.start {"kind":"a2a","input":{"messageId":"u1","contextId":"#1","taskId":"#2","role":"ROLE_USER","parts":[{"text":"go"}]},"attempt":1}""",
            """status {"message":"Reading"}""",
            """message.start {"id":"a1","role":"assistant"}""",
            """message.delta {"id":"a1","text":"Be"}""",
            """message.delta {"id":"a1","text":"cause"}""",
            """message.complete {"id":"a1","role":"assistant","text":"Because"}""",
            """run.complete {"outcome":"success","duration":0,"result":[{"artifact_id":"a2","name":"answer","media_type":"application/json","data":{"n":1}},{"artifact_id":"a2","name":"answer","filename":"y.png","media_type":"image/png","url":"https://x/y.png"},{"artifact_id":"a2","name":"answer","filename":"h.txt","media_type":"text/plain","size":5}]}""")));
    }

    [Test]
    public async Task A_task_that_needs_input_asks_for_it()
    {
        var import = await ImportAsync(new A2AEventMapper(Mapped.Options), "a2a-input-required.sse");
        Assert.That(import.Outcome, Is.EqualTo(EventImportOutcome.Waiting));
        Assert.That((await TellAsync())[^1], Is.EqualTo("""input.requested {"id":"m2","prompt":"Which?"}"""));
    }

    [Test]
    public async Task An_agent_that_throws_fails_its_task()
    {
        var import = await ImportAsync(new A2AEventMapper(Mapped.Options), "a2a-failed.sse");
        Assert.That(import.Outcome, Is.EqualTo(EventImportOutcome.Failed));
        Assert.That(import.Error, Is.EqualTo(new AgentError("task_failed", "Agent execution error: Broken")));
    }

    [Test]
    public async Task A_message_without_a_task_is_a_whole_run()
    {
        var import = await ImportAsync(new A2AEventMapper(Mapped.Options), "a2a-message.sse");
        Assert.That(import.Outcome, Is.EqualTo(EventImportOutcome.Success));
        Assert.That((await TellAsync())[^2], Is.EqualTo("""message.complete {"id":"m9","role":"assistant","text":"Hi"}"""));
    }

    private static string[] TypesOf(IEnumerable<string> lines) => [.. lines.Select(static line => line[..line.IndexOf(' ', StringComparison.Ordinal)])];

    private async Task<EventImport> ImportAsync(EventMapper mapper, string file)
    {
        await using var stream = Captured.Open(file);
        return await _site.Bus.ImportAsync("s", mapper, stream);
    }

    private async Task<string[]> TellAsync() => Mapped.Text((await _site.ReadAsync()).Select(static item => new EventDraft(item.Type, item.Data)));
}
