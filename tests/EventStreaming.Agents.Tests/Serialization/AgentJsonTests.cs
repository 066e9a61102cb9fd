using System.Text;
using System.Text.Json;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Serialization;

internal sealed class AgentJsonTests
{
    private static readonly Guid Call = new("0198f2a0-0000-7000-8000-000000000001");

    private static readonly TestCaseData[] Payloads =
    [
        Case(AgentEvents.SessionCreated, new SessionCreated("t1"), """{"thread_id":"t1"}"""),
        Case(
            AgentEvents.RunStart,
            new RunStarted("index", Attempt: 2, TotalSteps: 3, ParentRunId: "r0"),
            """{"kind":"index","attempt":2,"total_steps":3,"parent_run_id":"r0"}"""),
        Case(
            AgentEvents.RunComplete,
            new RunCompleted(RunOutcome.Cancelled, TimeSpan.FromSeconds(1.5), new TokenUsage(10, 20)),
            """{"outcome":"cancelled","duration":1500,"usage":{"in":10,"out":20}}"""),
        Case(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success), """{"outcome":"success"}"""),
        Case(
            AgentEvents.Error,
            new AgentError("gone", "The model is gone.", Recoverable: true, StepId: "s1"),
            """{"code":"gone","message":"The model is gone.","recoverable":true,"step_id":"s1"}"""),
        Case(AgentEvents.Status, new Status("Reading"), """{"message":"Reading"}"""),
        Case(
            AgentEvents.Progress,
            new Progress("reading", 0.5, "a.txt", 1, 2, TimeSpan.FromMilliseconds(250)),
            """{"stage":"reading","fraction":0.5,"message":"a.txt","current":1,"total":2,"eta":250}"""),
        Case(
            AgentEvents.StepStart,
            new StepStarted("s1", "Plan", 1, 3, "m", HasKnowledge: true, HasTools: true),
            """{"step_id":"s1","name":"Plan","position":1,"total":3,"model_id":"m","has_knowledge":true,"has_tools":true}"""),
        Case(
            AgentEvents.StepComplete,
            new StepCompleted("s1", "Plan", 1, 3, new TokenUsage(1, 2), TimeSpan.FromMilliseconds(7), Cached: true),
            """{"step_id":"s1","name":"Plan","position":1,"total":3,"tokens":{"in":1,"out":2},"duration":7,"cached":true}"""),
        Case(
            AgentEvents.ToolCallStart,
            new ToolCallStarted(Call, "read_file", "worker:1", "a.txt", "It is on the list."),
            """{"id":"0198f2a0-0000-7000-8000-000000000001","tool":"read_file","agent":"worker:1","query":"a.txt","reasoning":"It is on the list."}"""),
        Case(
            AgentEvents.ToolCallProgress,
            new ToolCallProgress(Call, "Half of it", 0.5),
            """{"id":"0198f2a0-0000-7000-8000-000000000001","message":"Half of it","fraction":0.5}"""),
        Case(
            AgentEvents.ToolCallComplete,
            new ToolCallCompleted(Call, Error: "It is gone.", Duration: TimeSpan.FromMilliseconds(0.5)),
            """{"id":"0198f2a0-0000-7000-8000-000000000001","error":"It is gone.","is_action":false,"duration":0.5}"""),
        Case(
            AgentEvents.ToolCallComplete,
            new ToolCallCompleted(Call, Summary: "Sent.", IsAction: true, Action: "send_mail"),
            """{"id":"0198f2a0-0000-7000-8000-000000000001","summary":"Sent.","is_action":true,"action":"send_mail"}"""),
        Case(AgentEvents.MessageStart, new MessageStarted("m1", "assistant"), """{"id":"m1","role":"assistant"}"""),
        Case(AgentEvents.MessageDelta, new MessageDelta("m1", "Hel"), """{"id":"m1","text":"Hel"}"""),
        Case(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "Hello"), """{"id":"m1","role":"assistant","text":"Hello"}"""),
        Case(AgentEvents.SubagentReport, new SubagentReport("1", "Done"), """{"worker":"1","report":"Done"}"""),
        Case(AgentEvents.RunPaused, new RunPaused("A person is asked."), """{"reason":"A person is asked."}"""),
        Case(AgentEvents.RunResumed, new RunResumed(), "{}"),
        Case(AgentEvents.ReasoningDelta, new ReasoningDelta("t1", "So"), """{"id":"t1","text":"So"}"""),
        Case(
            AgentEvents.KnowledgeRetrievalStart,
            new KnowledgeRetrievalStarted("k1", ["docs", "wiki"], "hybrid", "cursors", "s1"),
            """{"id":"k1","repositories":["docs","wiki"],"search_type":"hybrid","query":"cursors","step_id":"s1"}"""),
        Case(
            AgentEvents.KnowledgeRetrieved,
            new KnowledgeRetrieved("k1", 1, 0.5, 120, [new KnowledgeSource("d1", "Cursors", "file:///a.md", "text/markdown", 0.5)], "s1"),
            """{"id":"k1","documents":1,"relevance":0.5,"tokens":120,"sources":[{"id":"d1","title":"Cursors","uri":"file:///a.md","media_type":"text/markdown","relevance":0.5}],"step_id":"s1"}"""),
        Case(
            AgentEvents.VariableSubstitution,
            new VariablesSubstituted(new Dictionary<string, string>(StringComparer.Ordinal) { ["camelCase"] = "x" }, ["s1"], "s2"),
            """{"variables":{"camelCase":"x"},"source_steps":["s1"],"step_id":"s2"}"""),
        Case(
            AgentEvents.InputRequested,
            new InputRequested("q1", "Go on?", ToolCallId: Call),
            """{"id":"q1","prompt":"Go on?","tool_call_id":"0198f2a0-0000-7000-8000-000000000001"}"""),
        Case(AgentEvents.InputReceived, new InputReceived("q1"), """{"id":"q1"}"""),
        Case(AgentEvents.CredentialsRequired, new CredentialsRequired("mail", "To send it"), """{"provider":"mail","message":"To send it"}"""),
        Case(AgentEvents.LoopStarted, new LoopStarted("plan", 3), """{"node":"plan","max_iterations":3}"""),
        Case(AgentEvents.LoopIteration, new LoopIteration("plan", 2), """{"node":"plan","iteration":2}"""),
        Case(AgentEvents.LoopCompleted, new LoopCompleted("plan", 2), """{"node":"plan","iteration":2}"""),
        Case(AgentEvents.NodeStalled, new NodeStalled("plan", 2, "Same answer"), """{"node":"plan","iteration":2,"reason":"Same answer"}"""),
        Case(AgentEvents.NodeRetry, new NodeRetry("plan"), """{"node":"plan"}"""),
        Case(AgentEvents.ContextUsage, new ContextUsage(10, 20), """{"tokens":10,"limit":20}"""),
        Case(AgentEvents.ContextCompacted, new ContextCompacted(10, 20), """{"tokens":10,"before":20}"""),
        Case(AgentEvents.TriggerAvailable, new Trigger("t1", "Nightly"), """{"id":"t1","name":"Nightly"}"""),
        Case(AgentEvents.TriggerActivated, new Trigger("t1"), """{"id":"t1"}"""),
        Case(AgentEvents.TriggerDeactivated, new Trigger("t1"), """{"id":"t1"}"""),
        Case(AgentEvents.TriggerFired, new Trigger("t1"), """{"id":"t1"}"""),
        Case(AgentEvents.TriggerRemoved, new Trigger("t1"), """{"id":"t1"}"""),
        Case(AgentEvents.TriggerUpdated, new Trigger("t1"), """{"id":"t1"}"""),
        Case(
            AgentEvents.SessionSnapshot,
            new SessionSnapshot("t1", [], [new MessageSnapshot("m1", "assistant", "Hel", IsComplete: false, "r1", Source: null, Began: 3)], [], [], []),
            """{"thread_id":"t1","runs":[],"messages":[{"id":"m1","role":"assistant","text":"Hel","is_complete":false,"run_id":"r1","has_gaps":false,"began":3}],"reasoning":[],"tool_calls":[],"inputs":[],"is_truncated":false,"ended_tool_calls":[],"retrievals":[],"cursor":"start"}"""),
    ];

    [TestCaseSource(nameof(Payloads))]
    public void A_payload_is_written_in_snake_case_and_reads_back_equal(EventTypeDescriptor type, object data, string json)
    {
        Assert.That(JsonSerializer.Serialize(data, type.JsonTypeInfo!), Is.EqualTo(json));
        Assert.That(JsonSerializer.Deserialize(json, type.JsonTypeInfo!), Is.EqualTo(data).UsingPropertiesComparer());
    }

    [Test]
    public void Json_that_lacks_what_a_payload_must_have_is_refused([Values("{}", """{"id":null,"text":null}""", """{"id":"m1"}""")] string json) =>
        Assert.That(() => JsonSerializer.Deserialize(json, AgentEvents.MessageDelta.JsonTypeInfo!), Throws.InstanceOf<JsonException>());

    [Test]
    public void Every_type_of_the_catalog_is_written_and_read() =>
        Assert.That(Payloads.Select(test => test.Arguments[0]).Distinct(), Is.EquivalentTo(AgentEvents.Catalog.Types));

    [Test]
    public void Json_inside_a_tool_calls_payloads_is_kept_as_it_is()
    {
        var step = JsonSerializer.SerializeToElement(new { camelCase = 1 });
        var data = new ToolCallCompleted(Call, Result: step, SubSteps: [step], Visualizations: [step, step]);
        var json = JsonSerializer.SerializeToElement(data, AgentEvents.ToolCallComplete.JsonTypeInfo!);

        Assert.That(json.GetProperty("result").GetRawText(), Is.EqualTo("""{"camelCase":1}"""));
        Assert.That(json.GetProperty("sub_steps").GetRawText(), Is.EqualTo("""[{"camelCase":1}]"""));
        Assert.That(json.GetProperty("visualizations").GetArrayLength(), Is.EqualTo(2));
    }

    [TestCase("1e300")]
    [TestCase("-1e300")]
    [TestCase("\"00:00:01\"")]
    public void A_duration_that_is_not_a_number_of_milliseconds_in_range_is_refused(string duration)
    {
        var json = $$"""{"outcome":"success","duration":{{duration}}}""";
        Assert.That(() => JsonSerializer.Deserialize(json, AgentEvents.RunComplete.JsonTypeInfo!), Throws.InstanceOf<JsonException>());
    }

    [Test]
    public async Task The_encoder_writes_the_declared_json()
    {
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        await using var reader = bus.Subscribe("session-1");
        using var text = new StringWriter();
        bus.Publish("session-1", AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success, TimeSpan.FromSeconds(2)));

        await EventPump.RunAsync(reader, new TextWriterSink(text));

        Assert.That(text.ToString(), Does.Contain("""
            "data":{"outcome":"success","duration":2000}
            """));
    }

    private static TestCaseData Case(EventTypeDescriptor type, object data, string json) =>
        new TestCaseData(type, data, json).SetArgDisplayNames(type.Name, new StringBuilder(json).Replace('"', '\'').ToString());
}
