using System.Text.Json;

namespace EventStreaming.Agents.Tests.Snapshots;

/// <summary>Makes events of numbers.</summary>
internal static class RandomEvents
{
    private static readonly string[] s_runs = ["run-1", "run-2", "run-3"];
    private static readonly string[] s_sources = ["queen", "worker:1", "worker:2"];

    public static EventDraft Create(uint number)
    {
        var which = (int)(number / 64 % 3);
        var text = $"{number} ";
        var call = new Guid(which + 1, 0, 0, new byte[8]);
        EventDraft draft = (number % 23) switch
        {
            0 or 1 => AgentEvents.RunStart.Draft(new RunStarted(text)),
            2 => AgentEvents.RunComplete.Draft(new RunCompleted(number % 5 == 0 ? RunOutcome.Cancelled : RunOutcome.Success)),
            3 => AgentEvents.Error.Draft(new AgentError(text, text, Recoverable: number % 3 != 0)),
            4 => AgentEvents.RunPaused.Draft(new RunPaused()),
            5 => AgentEvents.RunResumed.Draft(new RunResumed()),
            6 => AgentEvents.Status.Draft(new Status(text)),
            7 => AgentEvents.Progress.Draft(new Progress(text, 0.5)),
            8 or 9 => AgentEvents.StepStart.Draft(new StepStarted($"step-{number % 2}", text, 1)),
            10 => AgentEvents.StepComplete.Draft(new StepCompleted($"step-{number % 2}", text, 1)),
            11 or 12 => AgentEvents.MessageStart.Draft(new MessageStarted($"message-{which}", text)),
            13 or 14 => AgentEvents.MessageDelta.Draft(new MessageDelta($"message-{which}", text)),
            15 => AgentEvents.MessageComplete.Draft(new MessageCompleted($"message-{which}", text, text)),
            16 => AgentEvents.ReasoningDelta.Draft(new ReasoningDelta($"thought-{which}", text)),
            17 => AgentEvents.ToolCallStart.Draft(new ToolCallStarted(call, text)),
            18 => AgentEvents.ToolCallProgress.Draft(new ToolCallProgress(call, text)),
            19 => AgentEvents.ToolCallComplete.Draft(new ToolCallCompleted(call, Summary: text)),
            20 => AgentEvents.KnowledgeRetrieved.Draft(new KnowledgeRetrieved($"search-{which}", 1, Sources: [new KnowledgeSource(text, text)])),
            21 => AgentEvents.InputRequested.Draft(new InputRequested($"input-{which}", text)),
            _ => number % 4 == 0 ? AgentEvents.SessionCreated.Draft(new SessionCreated(text)) : AgentEvents.InputReceived.Draft(new InputReceived($"input-{which}")),
        };
        var run = (int)(number / 7 % 3);
        return draft with { RunId = s_runs[run], Source = s_sources[run] };
    }

    /// <summary>The same, as a relay would publish it.</summary>
    public static EventDraft ToJson(EventDraft draft)
    {
        AgentEvents.Catalog.TryGet(draft.Type, out var type);
        return new EventDraft(draft.Type, JsonPayload.Parse(JsonSerializer.SerializeToUtf8Bytes(draft.Data, type!.JsonTypeInfo!))) { RunId = draft.RunId, Source = draft.Source };
    }
}
