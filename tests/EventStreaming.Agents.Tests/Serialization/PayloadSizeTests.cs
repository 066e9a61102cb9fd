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
    ];

    [Test]
    public async Task Every_text_and_every_json_of_a_payload_counts_towards_the_limits_in_bytes()
    {
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        Assert.Multiple(() =>
        {
            foreach (var (type, data) in WithLongContent)
            {
                var item = bus.Publish("session-1", type.Name, data);
                Assert.That(item.Size, Is.GreaterThanOrEqualTo(Long.Length), $"{type.Name}: {data}"[..80]);
            }
        });
    }

    [Test]
    public void Every_type_has_its_content_counted() =>
        Assert.That(WithLongContent.Select(sample => sample.Type).Distinct(), Is.EquivalentTo(AgentEvents.Catalog.Types));

    [Test]
    public async Task A_delta_counts_two_bytes_a_character()
    {
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        var item = bus.Publish("session-1", AgentEvents.MessageDelta, new MessageDelta("m1", "Hello"));
        Assert.That(item.Size, Is.EqualTo(EventSize.Envelope + PayloadSize.Base + (2 * "m1Hello".Length)));
    }
}
