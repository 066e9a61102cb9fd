using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Upcasting;

/// <summary>
/// Sessions with workers: snake_case types from <c>execution_started</c> to <c>trigger_updated</c>. Their text comes in deltas alone; here it
/// becomes messages that begin and end.
/// </summary>
internal sealed class SessionEventUpcaster(string? scope) : IEventUpcaster
{
    private readonly SessionMessages _messages = new();
    private readonly SessionTools _tools = new(scope);
    private readonly SessionInputs _inputs = new(scope);
    private readonly SessionPhases _phases = new();
    private readonly SessionUsage _usage = new();

    public bool TryUpcast(in LegacyEvent item, ICollection<EventDraft> drafts) =>
        TryUpcastRun(item, drafts) || TryUpcastWork(item, drafts) || SessionNotices.TryUpcast(item, drafts);

    public void Flush(ICollection<EventDraft> drafts)
    {
        _messages.CompleteAll(drafts);
        _tools.EndAll(drafts);
        _inputs.EndAll(drafts);
        _phases.EndAll(drafts);
    }

    private static void Add<TData>(in LegacyEvent item, ICollection<EventDraft> drafts, EventTypeDescriptor<TData> type, TData data)
        where TData : notnull => drafts.Add(item.Draft(type, data));

    private bool TryUpcastRun(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        switch (item.Type)
        {
            case "execution_started":
                Add(item, drafts, AgentEvents.RunStart, LegacyPayloads.RunStarted(item.Data, item.Source ?? "session"));
                return true;
            case "execution_completed":
                End(item, drafts);
                Add(item, drafts, AgentEvents.RunComplete, LegacyPayloads.RunCompleted(item.Data, _usage.Take(item)));
                return true;
            case "execution_failed":
                End(item, drafts);
                Add(item, drafts, AgentEvents.Error, LegacyPayloads.Error(item.Data, "execution_failed") with { Recoverable = false });
                return true;
            case "execution_paused":
                _messages.Complete(item, drafts);
                Add(item, drafts, AgentEvents.RunPaused, new RunPaused(item.Data.Words("reason", "message")));
                return true;
            case "execution_resumed":
                Add(item, drafts, AgentEvents.RunResumed, new RunResumed(item.Data.Words("reason", "message")));
                return true;
            case "client_input_requested":
                _messages.Complete(item, drafts);
                _inputs.Request(item, drafts);
                return true;
            case "client_input_received":
                _inputs.Receive(item, drafts);
                return true;
            case "credentials_required":
                Add(item, drafts, AgentEvents.CredentialsRequired, new CredentialsRequired(
                    item.Data.Words("provider", "credential_id", "credential", "service", "name") ?? "unknown", item.Data.Words("message", "reason", "description")));
                return true;
            case "subagent_report":
                Add(item, drafts, AgentEvents.SubagentReport, new SubagentReport(
                    item.Data.Words("worker", "subagent_id", "worker_id") ?? WorkerOf(item.Source),
                    item.Data.Words("report", "message", "summary") ?? item.Data.Find("data", "report")?.AsAnyText() ?? string.Empty));
                return true;
            case "queen_phase_changed":
                _phases.Change(item, drafts);
                return true;
            default:
                return false;
        }
    }

    private bool TryUpcastWork(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var data = item.Data;
        switch (item.Type)
        {
            case "client_output_delta":
                _messages.Append(item, drafts);
                return true;
            case "llm_text_delta" or "llm_reasoning_delta" or "client_reasoning" or "node_internal_output":
                // What a model says to itself or to the graph: no part of the conversation.
                Add(item, drafts, AgentEvents.ReasoningDelta, new ReasoningDelta(SessionMessages.KeyOf(item), data.Text("content", "text", "delta") ?? string.Empty));
                return true;
            case "llm_turn_complete":
                _messages.Complete(item, drafts);
                _usage.Count(item);
                Add(item, drafts, AgentEvents.Status, new Status(data.Words("model") is { } model ? $"{model} has answered" : "The model has answered"));
                return true;
            case "tool_call_started":
                _tools.Start(item, drafts);
                return true;
            case "tool_call_completed":
                _tools.Complete(item, drafts);
                return true;
            case "goal_progress":
                Add(item, drafts, AgentEvents.Progress, new Progress(
                    data.Words("stage", "goal") ?? "goal", data.Fraction() ?? 0, data.Words("message"), data.Integer("current"), data.Integer("total")));
                return true;
            case "context_usage_updated":
                Add(item, drafts, AgentEvents.ContextUsage, new ContextUsage(
                    data.Integer("tokens", "estimated_tokens", "usage_tokens") ?? 0, data.Integer("limit", "max_context_tokens", "max_tokens")));
                return true;
            case "context_compacted":
                Add(item, drafts, AgentEvents.ContextCompacted, new ContextCompacted(
                    data.Integer("tokens", "tokens_after", "usage_after", "estimated_tokens") ?? 0, data.Integer("before", "tokens_before", "usage_before")));
                return true;
            default:
                return false;
        }
    }

    private static string WorkerOf(string? source) =>
        RunKey.IsWorker(source) ? source![StreamEvent.WorkerPrefix.Length..] : source ?? "worker";

    /// <summary>Ends what a run has left open, and only that: the session's other runs go on.</summary>
    private void End(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        _messages.CompleteRun(item, drafts);
        _tools.EndRun(item, drafts);
        _inputs.EndRun(item, drafts);
        _phases.EndRun(item, drafts);
    }
}
