using System.Text.Json;

namespace EventStreaming.Agents.Tests.Protocols.Support;

/// <summary>Publishes whatever the catalog has, in any order: runs that never began, ends of what is not open, the same thing twice.</summary>
internal sealed class RandomRun(TopicScript script, int seed)
{
    /// <summary>All that is ever published.</summary>
    private static readonly string[] s_types =
        [.. AgentEvents.Catalog.Types.Except([AgentEvents.SessionSnapshot]).Select(static type => type.Name).Order(StringComparer.Ordinal)];

    private static readonly string?[] s_runs = ["run-1", "run-1", "run-1", "run-1", "run-2", "run-3", null];
    private static readonly string?[] s_sources = [null, null, "queen", "worker:1", "worker:2"];
    private readonly Random _random = new(seed);

    public void Publish(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Publish();
        }
    }

    private static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);

    private void Publish()
    {
        var type = s_types[_random.Next(s_types.Length)];
        if (_random.Next(3) == 0)
        {
            type = Pick("message.start", "message.delta", "message.complete", "tool_call.start", "tool_call.complete", "reasoning.delta");
        }
        else if (type is "run.complete" or "error" && _random.Next(3) > 0)
        {
            type = "run.start";
        }

        // One in ten is not what it says it is, as it may be from elsewhere.
        var data = _random.Next(10) == 0 && type is not "error" ? JsonPayload.Parse("""{"id": null, "text": 7}"""u8.ToArray()) : Payload(type);
        script.Publish(type, data, Pick(s_runs), Pick(s_sources));
    }

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    private string Id(string kind) => kind + _random.Next(3);

    private Guid Call() => new(_random.Next(3), 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    private object Payload(string type) => type switch
    {
        "session.created" => new SessionCreated(Id("thread-")),
        "run.start" => new RunStarted("chat", ParentRunId: Pick(null, "run-1")),
        "run.complete" => new RunCompleted(Pick(RunOutcome.Success, RunOutcome.Cancelled), Result: Json(Pick(null, "1"))),
        "error" => new AgentError("code", "It failed.", Pick(true, true, false)),
        "run.paused" => new RunPaused(),
        "run.resumed" => new RunResumed(),
        "status" => new Status("Busy"),
        "progress" => new Progress("reading", _random.NextDouble()),
        "step.start" => new StepStarted(Id("s"), "Step", 1),
        "step.complete" => new StepCompleted(Id("s"), "Step", 1),
        "tool_call.start" => new ToolCallStarted(Call(), "search", Arguments: Json(Pick(null, "{}"))),
        "tool_call.progress" => new ToolCallProgress(Call(), "Half", 0.5),
        "tool_call.complete" => new ToolCallCompleted(Call(), Pick(null, "No."), Visualizations: Pick<IReadOnlyList<JsonElement>?>(null, [JsonElement.Parse("1")])),
        "message.start" => new MessageStarted(Id("m"), Pick("assistant", "assistant", "user")),
        "message.delta" => new MessageDelta(Id("m"), Pick("a\n", "\"", string.Empty, "ü")),
        "message.complete" => new MessageCompleted(Id("m"), Pick("assistant", "assistant", "user"), Pick("a\nü", "whole")),
        "reasoning.delta" => new ReasoningDelta(Id("r"), "Hm. "),
        "knowledge.retrieval_start" => new KnowledgeRetrievalStarted(Id("k"), []),
        "knowledge.retrieved" => new KnowledgeRetrieved(Id("k"), 1, Sources: [new KnowledgeSource("d", "Title")]),
        "variable.substitution" => new VariablesSubstituted(new Dictionary<string, string>(StringComparer.Ordinal)),
        "input.requested" => new InputRequested(Id("q"), "Well?", null, Pick<Guid?>(null, Call())),
        "input.received" => new InputReceived(Id("q"), Json(Pick(null, "true"))),
        "credentials.required" => new CredentialsRequired("github"),
        "subagent.report" => new SubagentReport("1", "Found."),
        "loop.started" => new LoopStarted("n"),
        "loop.iteration" => new LoopIteration("n", 1),
        "loop.completed" => new LoopCompleted("n", 1),
        "node.stalled" => new NodeStalled("n"),
        "node.retry" => new NodeRetry("n"),
        "context.usage" => new ContextUsage(1),
        "context.compacted" => new ContextCompacted(1),
        _ => new Trigger(Id("t")),
    };
}
