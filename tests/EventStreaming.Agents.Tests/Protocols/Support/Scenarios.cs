using System.Text.Json;

namespace EventStreaming.Agents.Tests.Protocols.Support;

/// <summary>Scenarios as they happen, each told to a script.</summary>
internal static class Scenarios
{
    public static Guid Call { get; } = new(0x0a, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    public static IReadOnlyDictionary<string, Action<TopicScript>> All { get; } = new Dictionary<string, Action<TopicScript>>(StringComparer.Ordinal)
    {
        ["simple"] = Simple,
        ["tools"] = Tools,
        ["input"] = Input,
        ["approval"] = Approval,
        ["cancelled"] = Cancelled,
        ["failed"] = Failed,
        ["workers"] = Workers,
        ["everything"] = Everything,
    };

    public static JsonElement Json(string text) => JsonElement.Parse(text);

    public static void Simple(TopicScript script)
    {
        script.Publish(AgentEvents.SessionCreated, new SessionCreated("thread-1"), run: null);
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.MessageStart, new MessageStarted("m1", "assistant"));
        script.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "Grüße,\n"));
        script.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "world"));
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "Grüße,\nworld"));
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success, TimeSpan.FromSeconds(5), new TokenUsage(12, 34)));
    }

    public static void Tools(TopicScript script)
    {
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.Status, new Status("Looking"));
        script.Publish(AgentEvents.ReasoningDelta, new ReasoningDelta("r1", "Which files?"));
        script.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(Call, "search", "queen", "files", null, Json("{\"path\": \"src\",\r\n  \"deep\": true}")));
        script.Publish(AgentEvents.ToolCallProgress, new ToolCallProgress(Call, "Reading", 0.5));
        script.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(
            Call, Summary: "2 files", Result: Json("""["a.cs","b.cs"]"""), Visualizations: [Json("""{"chart":"bar"}""")], Duration: TimeSpan.FromMilliseconds(1500)));
        script.Publish(AgentEvents.Progress, new Progress("reading", 0.25, "a.cs", 1, 4));
        script.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(new Guid(0x0b, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]), "read", Query: "a.cs"));
        script.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(new Guid(0x0b, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]), Error: "No such file."));
        script.Publish(AgentEvents.Progress, new Progress("reading", 1));
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "Done."));
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success, Result: Json("""{"files":2}""")));
    }

    public static void Input(TopicScript script)
    {
        script.Publish(AgentEvents.RunStart, new RunStarted("index"));
        script.Publish(AgentEvents.InputRequested, new InputRequested("q1", "Which folder?", Json("""{"type":"string"}""")));
        script.Publish(AgentEvents.InputReceived, new InputReceived("q1", Json("\"src\"")), run: null);
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "src it is."));
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
    }

    public static void Approval(TopicScript script)
    {
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.MessageStart, new MessageStarted("m1", "assistant"));
        script.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "I delete "));
        script.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(Call, "delete", Arguments: Json("""{"path":"a.cs"}""")));
        script.Publish(AgentEvents.InputRequested, new InputRequested("q1", "May I?", null, Call));
        script.Publish(AgentEvents.InputReceived, new InputReceived("q1", Json("true")));
        script.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(Call, Summary: "Deleted.", IsAction: true, Action: "delete"));
        script.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "it."));
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "I delete it."));
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
    }

    public static void Cancelled(TopicScript script)
    {
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.MessageStart, new MessageStarted("m1", "assistant"));
        script.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "Once upon"));
        script.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(Call, "search"));
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Cancelled));
    }

    public static void Failed(TopicScript script)
    {
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.Error, new AgentError("rate_limited", "Too many requests.", Recoverable: true));
        script.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "Once"));
        script.Publish(AgentEvents.Error, new AgentError("model_failed", "The model is gone."));
    }

    public static void Workers(TopicScript script)
    {
        script.Publish(AgentEvents.RunStart, new RunStarted("index"), source: "queen");
        script.Publish(AgentEvents.RunStart, new RunStarted("read", ParentRunId: "run-1"), "run-2", "worker:1");
        script.Publish(AgentEvents.Status, new Status("Noise"), "run-2", "worker:1");
        script.Publish(AgentEvents.MessageDelta, new MessageDelta("w1", "Noise"), "run-2", "worker:1");
        script.Publish(AgentEvents.SubagentReport, new SubagentReport("1", "12 files"), "run-2", "worker:1");
        script.Publish(AgentEvents.RunStart, new RunStarted("read", ParentRunId: "run-1"), "run-3", "worker:2");
        script.Publish(AgentEvents.Error, new AgentError("unreadable", "Cannot read."), "run-3", "worker:2");
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success), "run-2", "worker:1");
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "12 files."), source: "queen");
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success), source: "queen");
    }

    /// <summary>What is left of the catalog, and a type that is not in it.</summary>
    public static void Everything(TopicScript script)
    {
        script.Publish(AgentEvents.TriggerAvailable, new Trigger("t1", "Nightly"), run: null);
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("u1", "user", "Hello"));
        script.Publish(AgentEvents.StepStart, new StepStarted("s1", "Plan", 1, 2));
        script.Publish(AgentEvents.KnowledgeRetrievalStart, new KnowledgeRetrievalStarted("k1", ["docs"], "vector", "hello"));
        script.Publish(AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved(
            "k1", 1, 0.9, 120, [new KnowledgeSource("d1", "Readme", "file:///readme.md", "text/markdown", 0.9), new KnowledgeSource("d2", "Notes")]));
        script.Publish(AgentEvents.VariableSubstitution, new VariablesSubstituted(new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = "value" }));
        script.Publish(AgentEvents.StepComplete, new StepCompleted("s1", "Plan", 1, 2));
        script.Publish(AgentEvents.RunPaused, new RunPaused("Too late"));
        script.Publish(AgentEvents.RunResumed, new RunResumed());
        script.Publish(AgentEvents.TriggerFired, new Trigger("t1", "Nightly"), run: null);
        script.Publish(AgentEvents.CredentialsRequired, new CredentialsRequired("github", "To read the repository"));
        script.Publish(AgentEvents.ContextUsage, new ContextUsage(1_000, 8_000));
        script.Publish("app.custom", JsonPayload.Parse("""{"any": [1, null]}"""u8.ToArray()));
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
    }
}
