using System.Collections.Frozen;

namespace EventStreaming.Agents.Runs;

/// <summary>The types that a run tells itself, because they change its state, and how.</summary>
internal static class OwnedTypes
{
    private static readonly FrozenDictionary<string, string> s_remedies = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [AgentEvents.SessionCreated.Name] = "use OpenSession.",
        [AgentEvents.RunStart.Name] = "use StartRun or StartWorker.",
        [AgentEvents.RunComplete.Name] = "use Complete or Cancel.",
        [AgentEvents.Error.Name] = "use Warn, or Fail to end the run.",
        [AgentEvents.RunPaused.Name] = "use Pause or RequestInputAsync.",
        [AgentEvents.RunResumed.Name] = "use Pause or RequestInputAsync.",
        [AgentEvents.Progress.Name] = "use Progress.",
        [AgentEvents.StepStart.Name] = "use StartStep.",
        [AgentEvents.StepComplete.Name] = "use Complete of what StartStep returns.",
        [AgentEvents.ToolCallStart.Name] = "use StartTool.",
        [AgentEvents.ToolCallProgress.Name] = "use Progress of what StartTool returns.",
        [AgentEvents.ToolCallComplete.Name] = "use Complete or Fail of what StartTool returns.",
        [AgentEvents.MessageStart.Name] = "use StartMessage.",
        [AgentEvents.MessageDelta.Name] = "use Append of what StartMessage returns.",
        [AgentEvents.MessageComplete.Name] = "use Complete of what StartMessage returns.",
        [AgentEvents.ReasoningDelta.Name] = "use Append of what StartReasoning returns.",
        [AgentEvents.KnowledgeRetrievalStart.Name] = "use StartRetrieval.",
        [AgentEvents.KnowledgeRetrieved.Name] = "use Complete of what StartRetrieval returns.",
        [AgentEvents.InputRequested.Name] = "use RequestInputAsync.",
        [AgentEvents.InputReceived.Name] = "use TryAnswer.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What to do instead; null when the type may be published.</summary>
    public static string? RemedyFor<TData>(EventTypeDescriptor<TData> type, TData data) =>
        s_remedies.TryGetValue(type.Name, out var remedy) ? remedy
        : type.TerminalWhen?.Invoke(data) ?? type.Terminal ? "it would end the topic's streams before the run has; use Complete, Cancel or Fail."
        : null;
}
