using System.Text;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>The rows of the table of <c>astream_events</c> v2, and the forms its data has.</summary>
internal sealed class LangGraphEventMapperTests
{
    private const string Root = "00000000-0000-4000-8000-000000000001";
    private const string Model = "00000000-0000-4000-8000-000000000002";
    private const string Tool = "00000000-0000-4000-8000-000000000003";
    private const string Node = "00000000-0000-4000-8000-000000000004";

    private static readonly string Start = Event("on_chain_start", Root, "LangGraph", """{"input":{"q":"why"}}""");
    private static readonly string End = Event("on_chain_end", Root, "LangGraph", """{"output":{"a":1}}""");

    [Test]
    public void The_root_chains_start_and_end_are_the_runs() =>
        Assert.That(Of(Start, End), Is.EqualTo(Wire.Lines(
            """run.start {"kind":"LangGraph","input":{"q":"why"},"attempt":1}""",
            """run.complete {"outcome":"success","duration":0,"result":{"a":1}}""")));

    [Test]
    public void The_root_chains_error_fails_the_run() =>
        Assert.That(Of(Start, Event("on_chain_error", Root, "LangGraph", """{"error":"No key"}""")), Is.EqualTo(Wire.Lines(
            """run.start {"kind":"LangGraph","input":{"q":"why"},"attempt":1}""",
            """error {"code":"agent_error","message":"No key","recoverable":false}""")));

    [Test]
    public void On_tool_start_and_end_are_a_tool_call() =>
        Assert.That(
            Inner(
                Event("on_tool_start", Tool, "search", """{"input":{"query":"x"}}""", Root),
                Event("on_tool_end", Tool, "search", """{"output":{"type":"tool","content":"{\"hits\":2}","name":"search","tool_call_id":"call_1","status":"success"},"input":{"query":"x"}}""", Root)),
            Is.EqualTo(Wire.Lines(
                """tool_call.start {"id":"#1","tool":"search","arguments":{"query":"x"}}""",
                """tool_call.complete {"id":"#1","result":{"hits":2},"is_action":false,"duration":0}""")));

    [Test]
    public void A_tool_message_with_the_status_error_is_a_failed_call() =>
        Assert.That(
            Inner(
                Event("on_tool_start", Tool, "search", """{"input":{}}""", Root),
                Event("on_tool_end", Tool, "search", """{"output":{"lc":1,"type":"constructor","id":["langchain","ToolMessage"],"kwargs":{"content":"Too slow","tool_call_id":"c","status":"error"}}}""", Root))[1],
            Is.EqualTo("""tool_call.complete {"id":"#1","error":"Too slow","result":"Too slow","is_action":false,"duration":0}"""));

    [Test]
    public void On_tool_error_is_a_failed_call() =>
        Assert.That(
            Inner(Event("on_tool_start", Tool, "search", """{"input":"x"}""", Root), Event("on_tool_error", Tool, "search", """{"error":"Timeout('t')","input":"x"}""", Root)),
            Is.EqualTo(Wire.Lines(
                """tool_call.start {"id":"#1","tool":"search","arguments":"x"}""",
                """tool_call.complete {"id":"#1","error":"Timeout('t')","is_action":false,"duration":0}""")));

    [TestCase("(Interrupt(value={'question': 'Go on?'}, id='i'),)")]
    [TestCase("GraphInterrupt((Interrupt(value='Go on?', id='i'),))")]
    [TestCase("[]\\n\\nGraphInterrupt: []\\n    at ask (file:///srv/agent.mjs:1:1)")]
    public void A_tool_that_interrupts_its_graph_has_not_failed(string error) =>
        Assert.That(
            Inner(Event("on_tool_start", Tool, "ask", """{"input":"x"}""", Root), Event("on_tool_error", Tool, "ask", $$"""{"error":"{{error}}","input":"x"}""", Root))[1],
            Is.EqualTo("""tool_call.complete {"id":"#1","summary":"It waits for an answer, and is begun anew after it.","is_action":false,"duration":0}"""));

    [TestCase("Too slow\\n\\nError: Too slow\\n    at t (file:///srv/agent.mjs:1:1)", "Too slow")]
    [TestCase("Error: Too slow\\n    at t (file:///srv/agent.mjs:1:1)", "Error: Too slow")]
    [TestCase("\\n    at t", "")]
    [TestCase("First.\\n\\nSecond.", "First.\\n\\nSecond.")]
    public void The_stack_of_an_error_is_not_passed_on(string error, string expected) =>
        Assert.That(
            Inner(Event("on_tool_start", Tool, "t", "{}", Root), Event("on_tool_error", Tool, "t", $$"""{"error":"{{error}}"}""", Root))[1],
            Does.Contain($"\"error\":\"{expected}\""));

    [Test]
    public void What_an_interrupt_left_open_is_closed_before_the_run_waits()
    {
        var drafts = Mapped.DraftsOf(
            new LangGraphEventMapper(Mapped.Options),
            Start,
            Event("on_chain_start", Node, "plan", "{}", Root, """{"langgraph_node":"plan"}"""),
            Event("on_chat_model_stream", Model, "ChatX", """{"chunk":{"content":"Half"}}""", Node),
            Event("on_chain_stream", Root, "LangGraph", """{"chunk":{"__interrupt__":[{"value":"Go on?","id":"i1"}]}}"""),
            End);
        Assert.That(drafts.Skip(3).Select(static draft => draft.Type), Is.EqualTo(Wire.Lines("message.delta", "input.requested", "message.complete", "step.complete")));
    }

    [Test]
    public void On_chat_model_start_stream_and_end_are_a_message_and_its_usage() =>
        Assert.That(
            Of(
                Start,
                Event("on_chat_model_start", Model, "ChatX", """{"input":{"messages":[[{"content":"why","type":"human"}]]}}""", Root),
                Event("on_chat_model_stream", Model, "ChatX", """{"chunk":{"content":"Be","type":"AIMessageChunk","id":"run-1"}}""", Root),
                Event("on_chat_model_stream", Model, "ChatX", """{"chunk":{"content":"cause","type":"AIMessageChunk","id":"run-1"}}""", Root),
                Event("on_chat_model_end", Model, "ChatX", """{"output":{"content":"Because","type":"AIMessageChunk","usage_metadata":{"input_tokens":10,"output_tokens":2,"total_tokens":12}}}""", Root),
                End),
            Is.EqualTo(Wire.Lines(
                """run.start {"kind":"LangGraph","input":{"q":"why"},"attempt":1}""",
                """message.start {"id":"#1","role":"assistant"}""",
                """message.delta {"id":"#1","text":"Be"}""",
                """message.delta {"id":"#1","text":"cause"}""",
                """message.complete {"id":"#1","role":"assistant","text":"Because"}""",
                """run.complete {"outcome":"success","duration":0,"usage":{"in":10,"out":2},"result":{"a":1}}""")));

    [Test]
    public void Content_may_be_a_list_of_parts_and_thoughts_among_them_are_reasoning() =>
        Assert.That(
            Inner(
                Event("on_chat_model_stream", Model, "ChatX", """{"chunk":{"content":[{"type":"thinking","thinking":"Hm","index":0}]}}""", Root),
                Event("on_chat_model_stream", Model, "ChatX", """{"chunk":{"content":[],"additional_kwargs":{"reasoning_content":" so"}}}""", Root),
                Event("on_chat_model_stream", Model, "ChatX", """{"chunk":{"content":[{"type":"text","text":"Yes","index":1},{"type":"tool_use","id":"t","input":{}}]}}""", Root),
                Event("on_chat_model_end", Model, "ChatX", """{"output":{"content":[{"type":"thinking","thinking":"Hm so"},{"type":"text","text":"Yes"}]}}""", Root)),
            Is.EqualTo(Wire.Lines(
                """reasoning.delta {"id":"#1-reasoning","text":"Hm"}""",
                """reasoning.delta {"id":"#1-reasoning","text":" so"}""",
                """message.start {"id":"#1","role":"assistant"}""",
                """message.delta {"id":"#1","text":"Yes"}""",
                """message.complete {"id":"#1","role":"assistant","text":"Yes"}""")));

    [Test]
    public void A_model_that_only_calls_tools_says_nothing() =>
        Assert.That(
            Inner(
                Event("on_chat_model_start", Model, "ChatX", """{"input":{}}""", Root),
                Event("on_chat_model_stream", Model, "ChatX", """{"chunk":{"content":"","tool_call_chunks":[{"name":"search","args":"{\"q\"","id":"call_1","index":0}]}}""", Root),
                Event("on_chat_model_end", Model, "ChatX", """{"output":{"content":"","tool_calls":[{"name":"search","args":{"q":"x"},"id":"call_1"}]}}""", Root)),
            Is.Empty);

    [Test]
    public void A_model_that_does_not_stream_says_its_message_at_once() =>
        Assert.That(
            Inner(Event("on_chat_model_end", Model, "ChatX", """{"output":{"generations":[[{"text":"Yes","message":{"content":"Yes"}}]]}}""", Root)),
            Is.EqualTo(Wire.Lines("""message.start {"id":"#1","role":"assistant"}""", """message.complete {"id":"#1","role":"assistant","text":"Yes"}""")));

    [Test]
    public void On_retriever_start_and_end_are_a_search() =>
        Assert.That(
            Inner(
                Event("on_retriever_start", Tool, "Wiki", """{"input":{"query":"cats"}}""", Root),
                Event("on_retriever_end", Tool, "Wiki", """{"output":[{"page_content":"…","metadata":{"source":"file:///a.md","title":"Cats"},"type":"Document"},{"page_content":"…","metadata":{}}]}""", Root)),
            Is.EqualTo(Wire.Lines(
                """knowledge.retrieval_start {"id":"#1","repositories":["Wiki"],"query":"cats"}""",
                """knowledge.retrieved {"id":"#1","documents":2,"sources":[{"id":"file:///a.md","title":"Cats","uri":"file:///a.md"},{"id":"2","title":"Document 2"}]}""")));

    [TestCase("""{"stage":"reading","progress":0.5,"message":"Half"}""", """progress {"stage":"reading","fraction":0.5,"message":"Half"}""")]
    [TestCase("""{"current":1,"total":4}""", """progress {"stage":"my_event","fraction":0.25,"current":1,"total":4}""")]
    [TestCase("""{"percent":30}""", """progress {"stage":"my_event","fraction":0.3}""")]
    [TestCase("""{"message":"Reading"}""", """status {"message":"Reading"}""")]
    [TestCase("\"Reading\"", """status {"message":"Reading"}""")]
    [TestCase("{}", """status {"message":"my_event"}""")]
    public void On_custom_event_is_progress_if_it_says_how_much_else_a_status(string data, string expected) =>
        Assert.That(Inner(Event("on_custom_event", Root, "my_event", data)), Is.EqualTo(Wire.Lines(expected)));

    [Test]
    public void A_graphs_node_is_a_step_and_a_chain_within_it_is_nothing()
    {
        const string Metadata = """{"langgraph_node":"plan","langgraph_step":2}""";
        Assert.That(
            Inner(
                Event("on_chain_start", Node, "plan", """{"input":{}}""", Root, Metadata),
                Event("on_chain_start", Model, "RunnableSequence", """{"input":{}}""", Node, Metadata),
                Event("on_chain_stream", Model, "RunnableSequence", """{"chunk":{}}""", Node, Metadata),
                Event("on_chain_end", Model, "RunnableSequence", """{"output":{}}""", Node, Metadata),
                Event("on_chain_error", Node, "plan", """{"error":"Hm"}""", Root, Metadata)),
            Is.EqualTo(Wire.Lines(
                """step.start {"step_id":"#1","name":"plan","position":2,"has_knowledge":false,"has_tools":false}""",
                """error {"code":"node_error","message":"plan: Hm","recoverable":true,"step_id":"#1"}""",
                """step.complete {"step_id":"#1","name":"plan","position":2,"cached":false}""")));
    }

    [Test]
    public void What_happens_within_a_tool_has_the_call_as_its_parent()
    {
        var drafts = Mapped.DraftsOf(
            new LangGraphEventMapper(Mapped.Options),
            Start,
            Event("on_tool_start", Tool, "ask", """{"input":{}}""", Root),
            Event("on_chat_model_stream", Model, "ChatX", """{"chunk":{"content":"a"}}""", Tool),
            Event("on_custom_event", Tool, "p", """{"message":"b"}"""));

        Assert.That(drafts.Skip(2).Select(draft => draft.ParentId), Has.Exactly(3).Items.And.All.EqualTo(Tool));
    }

    [Test]
    public void An_interrupt_asks_for_input_and_the_next_stream_goes_on_with_the_run()
    {
        var mapper = new LangGraphEventMapper(Mapped.Options);
        var first = Mapped.Of(
            mapper,
            Start,
            Event("on_chain_stream", Root, "LangGraph", """{"chunk":{"__interrupt__":[{"value":{"question":"Go on?"},"id":"i1"}]}}"""),
            End);
        Assert.That(first, Is.EqualTo(Wire.Lines("""run.start {"kind":"LangGraph","input":{"q":"why"},"attempt":1}""", """input.requested {"id":"i1","prompt":"Go on?"}""")));
        Assert.That(mapper.State, Is.EqualTo(EventMapperState.Waiting));

        Assert.That(Mapped.Of(mapper, Event("on_chain_start", Node, "LangGraph", "{}"), Event("on_chain_end", Node, "LangGraph", "{}")), Is.EqualTo(Wire.Lines(
            """input.received {"id":"i1","value":{}}""",
            """run.complete {"outcome":"success","duration":0}""")));
    }

    [Test]
    public void A_broken_stream_closes_what_is_open_and_fails_the_run()
    {
        var mapper = new LangGraphEventMapper(Mapped.Options);
        var drafts = Mapped.DraftsOf(
            mapper,
            Start,
            Event("on_tool_start", Tool, "search", """{"input":{}}""", Root),
            Event("on_chat_model_stream", Model, "ChatX", """{"chunk":{"content":"Half"}}""", Root));
        mapper.Fail(new AgentError("gone", "The agent is gone."), drafts);
        mapper.Fail(new AgentError("again", "Not twice."), drafts);
        mapper.Map(Encoding.UTF8.GetBytes(End), drafts);

        Assert.That(Mapped.Text(drafts.Skip(4)), Is.EqualTo(Wire.Lines(
            """tool_call.complete {"id":"#1","error":"The agent is gone.","is_action":false,"duration":0}""",
            """message.complete {"id":"#2","role":"assistant","text":"Half"}""",
            """error {"code":"gone","message":"The agent is gone.","recoverable":false}""")));
        WellFormed.Check(drafts, "r");
        Assert.That(mapper.Ignored, Is.EqualTo(1));
    }

    private static string[] Of(params string[] events) => Mapped.Of(new LangGraphEventMapper(Mapped.Options), events);

    /// <summary>Between the root's start and its end.</summary>
    private static string[] Inner(params string[] events) => Mapped.Text(Mapped.DraftsOf(new LangGraphEventMapper(Mapped.Options), [Start, .. events]).Skip(1));

    private static string Event(string type, string id, string name, string data, string? parent = null, string metadata = "{}") =>
        $$"""{"event":"{{type}}","run_id":"{{id}}","name":"{{name}}","tags":[],"metadata":{{metadata}},"data":{{data}},"parent_ids":[{{(parent is null ? string.Empty : $"\"{Root}\",\"{parent}\"")}}]}""";
}
