using System.Text.Json;
using EventStreaming.Agents.Serialization;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Serialization;

internal sealed class PayloadSizeTests
{
    private static readonly string Long = new('x', 5_000);
    private static readonly JsonElement Json = JsonSerializer.SerializeToElement(Long);
    private static readonly Guid Call = Guid.NewGuid();

    private static readonly (EventTypeDescriptor Type, object Data)[] WithLongContent =
    [
        (AgentEvents.SessionCreated, new SessionCreated(Long)),
        (AgentEvents.RunStart, new RunStarted(Long)),
        (AgentEvents.RunStart, new RunStarted("index", Input: Json)),
        (AgentEvents.RunStart, new RunStarted("index", ParentRunId: Long)),
        (AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success, Result: Json)),
        (AgentEvents.Error, new AgentError(Long, "Gone.")),
        (AgentEvents.Error, new AgentError("gone", Long)),
        (AgentEvents.Error, new AgentError("gone", "Gone.", Details: Json)),
        (AgentEvents.Error, new AgentError("gone", "Gone.", StepId: Long)),
        (AgentEvents.Status, new Status(Long)),
        (AgentEvents.Progress, new Progress(Long, 0)),
        (AgentEvents.Progress, new Progress("reading", 0, Message: Long)),
        (AgentEvents.StepStart, new StepStarted(Long, "Plan", 1)),
        (AgentEvents.StepStart, new StepStarted("plan", Long, 1)),
        (AgentEvents.StepStart, new StepStarted("plan", "Plan", 1, ModelId: Long)),
        (AgentEvents.StepComplete, new StepCompleted(Long, "Plan", 1)),
        (AgentEvents.StepComplete, new StepCompleted("plan", Long, 1)),
        (AgentEvents.ToolCallStart, new ToolCallStarted(Call, Long)),
        (AgentEvents.ToolCallStart, new ToolCallStarted(Call, "read", Agent: Long)),
        (AgentEvents.ToolCallStart, new ToolCallStarted(Call, "read", Query: Long)),
        (AgentEvents.ToolCallStart, new ToolCallStarted(Call, "read", Reasoning: Long)),
        (AgentEvents.ToolCallStart, new ToolCallStarted(Call, "read", Arguments: Json)),
        (AgentEvents.ToolCallProgress, new ToolCallProgress(Call, Long)),
        (AgentEvents.ToolCallComplete, new ToolCallCompleted(Call, Error: Long)),
        (AgentEvents.ToolCallComplete, new ToolCallCompleted(Call, Summary: Long)),
        (AgentEvents.ToolCallComplete, new ToolCallCompleted(Call, Result: Json)),
        (AgentEvents.ToolCallComplete, new ToolCallCompleted(Call, SubSteps: [Json])),
        (AgentEvents.ToolCallComplete, new ToolCallCompleted(Call, Visualizations: [Json])),
        (AgentEvents.ToolCallComplete, new ToolCallCompleted(Call, IsAction: true, Action: Long)),
        (AgentEvents.MessageStart, new MessageStarted(Long, "assistant")),
        (AgentEvents.MessageStart, new MessageStarted("m1", Long)),
        (AgentEvents.MessageDelta, new MessageDelta(Long, "Hello")),
        (AgentEvents.MessageDelta, new MessageDelta("m1", Long)),
        (AgentEvents.MessageComplete, new MessageCompleted(Long, "assistant", "Hello")),
        (AgentEvents.MessageComplete, new MessageCompleted("m1", Long, "Hello")),
        (AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", Long)),
        (AgentEvents.SubagentReport, new SubagentReport(Long, "Done.")),
        (AgentEvents.SubagentReport, new SubagentReport("1", Long)),
        (AgentEvents.RunPaused, new RunPaused(Long)),
        (AgentEvents.RunResumed, new RunResumed(Long)),
        (AgentEvents.ReasoningDelta, new ReasoningDelta(Long, "So")),
        (AgentEvents.ReasoningDelta, new ReasoningDelta("t1", Long)),
        (AgentEvents.KnowledgeRetrievalStart, new KnowledgeRetrievalStarted(Long, [])),
        (AgentEvents.KnowledgeRetrievalStart, new KnowledgeRetrievalStarted("k1", [Long])),
        (AgentEvents.KnowledgeRetrievalStart, new KnowledgeRetrievalStarted("k1", [], SearchType: Long)),
        (AgentEvents.KnowledgeRetrievalStart, new KnowledgeRetrievalStarted("k1", [], Query: Long)),
        (AgentEvents.KnowledgeRetrievalStart, new KnowledgeRetrievalStarted("k1", [], StepId: Long)),
        (AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved(Long, 1)),
        (AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved("k1", 1, StepId: Long)),
        (AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved("k1", 1, Sources: [new KnowledgeSource(Long, "Cursors")])),
        (AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved("k1", 1, Sources: [new KnowledgeSource("d1", Long)])),
        (AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved("k1", 1, Sources: [new KnowledgeSource("d1", "Cursors", Uri: Long)])),
        (AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved("k1", 1, Sources: [new KnowledgeSource("d1", "Cursors", MediaType: Long)])),
        (AgentEvents.VariableSubstitution, new VariablesSubstituted(new Dictionary<string, string>(StringComparer.Ordinal) { [Long] = "x" })),
        (AgentEvents.VariableSubstitution, new VariablesSubstituted(new Dictionary<string, string>(StringComparer.Ordinal) { ["x"] = Long })),
        (AgentEvents.VariableSubstitution, new VariablesSubstituted(new Dictionary<string, string>(StringComparer.Ordinal), SourceSteps: [Long])),
        (AgentEvents.VariableSubstitution, new VariablesSubstituted(new Dictionary<string, string>(StringComparer.Ordinal), StepId: Long)),
        (AgentEvents.InputRequested, new InputRequested(Long, "Go on?")),
        (AgentEvents.InputRequested, new InputRequested("q1", Long)),
        (AgentEvents.InputRequested, new InputRequested("q1", "Go on?", Schema: Json)),
        (AgentEvents.InputReceived, new InputReceived(Long)),
        (AgentEvents.InputReceived, new InputReceived("q1", Json)),
        (AgentEvents.CredentialsRequired, new CredentialsRequired(Long)),
        (AgentEvents.CredentialsRequired, new CredentialsRequired("mail", Long)),
        (AgentEvents.LoopStarted, new LoopStarted(Long)),
        (AgentEvents.LoopIteration, new LoopIteration(Long, 1)),
        (AgentEvents.LoopCompleted, new LoopCompleted(Long, 1)),
        (AgentEvents.NodeStalled, new NodeStalled(Long)),
        (AgentEvents.NodeStalled, new NodeStalled("plan", Reason: Long)),
        (AgentEvents.NodeRetry, new NodeRetry(Long)),
        (AgentEvents.NodeRetry, new NodeRetry("plan", Reason: Long)),
        (AgentEvents.TriggerAvailable, new Trigger(Long)),
        (AgentEvents.TriggerAvailable, new Trigger("t1", Long)),
        (AgentEvents.TriggerActivated, new Trigger(Long)),
        (AgentEvents.TriggerActivated, new Trigger("t1", Long)),
        (AgentEvents.TriggerDeactivated, new Trigger(Long)),
        (AgentEvents.TriggerDeactivated, new Trigger("t1", Long)),
        (AgentEvents.TriggerFired, new Trigger(Long)),
        (AgentEvents.TriggerFired, new Trigger("t1", Long)),
        (AgentEvents.TriggerRemoved, new Trigger(Long)),
        (AgentEvents.TriggerRemoved, new Trigger("t1", Long)),
        (AgentEvents.TriggerUpdated, new Trigger(Long)),
        (AgentEvents.TriggerUpdated, new Trigger("t1", Long)),
    ];

    /// <summary>Numbers alone; and what is never published, so that no limit is asked for it.</summary>
    private static readonly EventTypeDescriptor[] WithoutText = [AgentEvents.ContextUsage, AgentEvents.ContextCompacted, AgentEvents.SessionSnapshot];

    [Test]
    public async Task Every_text_and_every_json_of_a_payload_counts_towards_the_limits_in_bytes()
    {
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        Assert.Multiple(() =>
        {
            foreach (var (type, data) in WithLongContent)
            {
                var item = bus.Publish("session-1", type.Name, data);
                Assert.That(item.Size, Is.GreaterThanOrEqualTo(Long.Length), type.Name);
            }
        });
    }

    [Test]
    public void Every_type_has_its_content_counted() =>
        Assert.That(WithLongContent.Select(sample => sample.Type).Distinct(), Is.EquivalentTo(AgentEvents.Catalog.Types.Except(WithoutText)));

    [Test]
    public async Task A_delta_counts_two_bytes_a_character()
    {
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        var item = bus.Publish("session-1", AgentEvents.MessageDelta, new MessageDelta("m1", "Hello"));
        Assert.That(item.Size, Is.EqualTo(EventSize.Envelope + PayloadSize.Base + (2 * "m1Hello".Length)));
    }
}
