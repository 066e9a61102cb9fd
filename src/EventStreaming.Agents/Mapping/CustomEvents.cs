using System.Collections.Frozen;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>An application's own events: those that have a type here as that, the others as progress, a status, or what they are.</summary>
internal static class CustomEvents
{
    /// <summary>The types that say something beside the run's own course, which only the protocol's own events change.</summary>
    private static readonly FrozenDictionary<string, EventTypeDescriptor> Known = new EventTypeDescriptor[]
    {
        AgentEvents.KnowledgeRetrievalStart, AgentEvents.KnowledgeRetrieved, AgentEvents.VariableSubstitution, AgentEvents.CredentialsRequired,
        AgentEvents.SubagentReport, AgentEvents.LoopStarted, AgentEvents.LoopIteration, AgentEvents.LoopCompleted, AgentEvents.NodeStalled, AgentEvents.NodeRetry,
        AgentEvents.ContextUsage, AgentEvents.ContextCompacted, AgentEvents.TriggerAvailable, AgentEvents.TriggerActivated, AgentEvents.TriggerDeactivated,
        AgentEvents.TriggerFired, AgentEvents.TriggerRemoved, AgentEvents.TriggerUpdated, AgentEvents.Status, AgentEvents.Progress,
        AgentEvents.RunPaused, AgentEvents.RunResumed,
    }.ToFrozenDictionary(static type => type.Name, StringComparer.Ordinal);

    /// <returns>False when the name is none that an event type may have.</returns>
    public static bool Map(string name, JsonElement? value, ImportedRun run)
    {
        var data = value ?? default;
        if (Known.TryGetValue(name, out var type) && Read(type, data) is { } payload)
        {
            run.Pass(type.Name, payload);
            return true;
        }

        if (name is "error" && data.Flag("recoverable"))
        {
            run.Report(data.Words("code") ?? "error", data.Words("message") ?? "Something failed.", data.Kept("details"), data.Words("step_id"));
            return true;
        }

        if (name is "session.created")
        {
            run.NameSession(data.Words("thread_id"));
            return true;
        }

        if (LangGraphCustomEvent.ReadProgress(data, name) is { } progress)
        {
            run.Tell(progress);
            return true;
        }

        if (data.ValueKind is JsonValueKind.Object && data.Words("message", "status") is { } words && data.Rest("message", "status") is null)
        {
            run.Say(words);
            return true;
        }

        var own = "custom." + name;
        if (!EventTypeDescriptor.IsValidName(own))
        {
            return false;
        }

        run.Pass(own, data.ValueKind is JsonValueKind.Undefined ? null : data);
        return true;
    }

    private static object? Read(EventTypeDescriptor type, JsonElement data)
    {
        try
        {
            return data.ValueKind is JsonValueKind.Object && data.GetRawText().Length <= 65_536 ? data.Deserialize(type.JsonTypeInfo!) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
