using System.Globalization;
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
    private readonly OrderedDictionary<string, (Guid Id, LegacyEvent Item)> _tools = new(StringComparer.Ordinal);
    private readonly List<(string? Source, string Id)> _inputs = [];
    private readonly OrderedDictionary<string, StepStarted> _phases = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, TokenUsage> _usage = new(StringComparer.Ordinal);
    private readonly UsedIds _usedTools = new(LegacyLimits.MaxRemembered);
    private int _count;

    public bool TryUpcast(in LegacyEvent item, ICollection<EventDraft> drafts) =>
        TryUpcastRun(item, drafts) || TryUpcastWork(item, drafts) || TryUpcastGraph(item, drafts) || TryUpcastTrigger(item, drafts);

    public void Flush(ICollection<EventDraft> drafts)
    {
        _messages.CompleteAll(drafts);
        foreach (var (id, item) in _tools.Values)
        {
            Add(item, drafts, AgentEvents.ToolCallComplete, new ToolCallCompleted(id, Error: "The stream ended before the call did."));
        }

        _tools.Clear();
    }

    private static void Add<TData>(in LegacyEvent item, ICollection<EventDraft> drafts, EventTypeDescriptor<TData> type, TData data)
        where TData : notnull => drafts.Add(item.Draft(type, data));

    private static void AddStatus(in LegacyEvent item, ICollection<EventDraft> drafts, string message) => Add(item, drafts, AgentEvents.Status, new Status(message));

    private static string NodeOf(in LegacyEvent item) => item.Node ?? item.Data.Words("node_id", "node") ?? item.Source ?? "node";

    private bool TryUpcastRun(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        switch (item.Type)
        {
            case "execution_started":
                Add(item, drafts, AgentEvents.RunStart, LegacyPayloads.RunStarted(item.Data, item.Source ?? "session"));
                return true;
            case "execution_completed":
                End(item, drafts);
                Add(item, drafts, AgentEvents.RunComplete, LegacyPayloads.RunCompleted(item.Data, TakeUsage(item)));
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
                Request(item, drafts);
                return true;
            case "client_input_received":
                Receive(item, drafts);
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
                ChangePhase(item, drafts);
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
                CountTurn(item);
                AddStatus(item, drafts, data.Words("model") is { } model ? $"{model} has answered" : "The model has answered");
                return true;
            case "tool_call_started":
                StartTool(item, drafts);
                return true;
            case "tool_call_completed":
                CompleteTool(item, drafts);
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

    private static bool TryUpcastGraph(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var data = item.Data;
        switch (item.Type)
        {
            case "node_loop_started":
                Add(item, drafts, AgentEvents.LoopStarted, new LoopStarted(NodeOf(item), data.Int("max_iterations")));
                return true;
            case "node_loop_iteration":
                Add(item, drafts, AgentEvents.LoopIteration, new LoopIteration(NodeOf(item), data.Int("iteration") ?? 1));
                return true;
            case "node_loop_completed":
                Add(item, drafts, AgentEvents.LoopCompleted, new LoopCompleted(NodeOf(item), data.Int("iterations", "iteration") ?? 0));
                return true;
            case "node_stalled" or "node_tool_doom_loop":
                Add(item, drafts, AgentEvents.NodeStalled, new NodeStalled(NodeOf(item), data.Int("iteration"), data.Words("reason", "description", "message")));
                return true;
            case "node_retry":
                Add(item, drafts, AgentEvents.NodeRetry, new NodeRetry(NodeOf(item), data.Int("retry_count", "iteration", "attempt"), data.Words("error", "reason", "message")));
                return true;
            case "node_action_plan":
                AddStatus(item, drafts, data.Words("plan", "message") ?? data.Find("plan")?.AsAnyText() ?? "Planning");
                return true;
            case "worker_colony_loaded" or "worker_graph_loaded":
                AddStatus(item, drafts, data.Words("message") ?? $"Loaded {data.Words("colony_name", "colony_id", "graph_id", "name") ?? "workers"}");
                return true;
            case "colony_created":
                AddStatus(item, drafts, data.Words("message") ?? $"Created {data.Words("colony_name", "colony_id", "name") ?? "a colony"}");
                return true;
            default:
                return false;
        }
    }

    private static bool TryUpcastTrigger(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var type = item.Type switch
        {
            "trigger_available" => AgentEvents.TriggerAvailable,
            "trigger_activated" => AgentEvents.TriggerActivated,
            "trigger_deactivated" => AgentEvents.TriggerDeactivated,
            "trigger_fired" => AgentEvents.TriggerFired,
            "trigger_removed" => AgentEvents.TriggerRemoved,
            "trigger_updated" => AgentEvents.TriggerUpdated,
            _ => null,
        };
        if (type is null)
        {
            return false;
        }

        Add(item, drafts, type, new Trigger(item.Data.Words("trigger_id", "id", "name") ?? "trigger", item.Data.Words("name", "trigger_name")));
        return true;
    }

    private static string WorkerOf(string? source) =>
        source is { } worker && worker.StartsWith(StreamEvent.WorkerPrefix, StringComparison.Ordinal) ? worker[StreamEvent.WorkerPrefix.Length..] : source ?? "worker";

    /// <summary>Ends what a run has left open, and only that: the session's other runs go on.</summary>
    private void End(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        _messages.CompleteRun(item, drafts);
        foreach (var (key, (id, start)) in _tools.ToArray())
        {
            if (SessionMessages.IsSameRun(start, item))
            {
                _tools.Remove(key);
                Add(start, drafts, AgentEvents.ToolCallComplete, new ToolCallCompleted(id, Error: "The run ended before the call did."));
            }
        }
    }

    private void CountTurn(in LegacyEvent item)
    {
        if (LegacyPayloads.Usage(item.Data) is { } turn)
        {
            var run = item.RunId ?? string.Empty;
            var sum = _usage.TryGetValue(run, out var known) ? known : new TokenUsage(0, 0);
            _usage[run] = new TokenUsage(Sum(sum.InputTokens, turn.InputTokens), Sum(sum.OutputTokens, turn.OutputTokens));
            if (_usage.Count > LegacyLimits.MaxOpen)
            {
                _usage.RemoveAt(0);
            }
        }
    }

    private static long Sum(long sum, long more) => Math.Min(sum, long.MaxValue / 2) + Math.Min(more, long.MaxValue / 2);

    private TokenUsage? TakeUsage(in LegacyEvent item) => _usage.Remove(item.RunId ?? string.Empty, out var usage) ? usage : null;

    private void Request(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var data = item.Data;
        var id = data.Words("id", "request_id") ?? item.CorrelationId ?? string.Create(CultureInfo.InvariantCulture, $"{item.RunId ?? scope ?? "input"}-{++_count}");
        id = AttributeText.Fit(id);
        if (_inputs.Count == LegacyLimits.MaxOpen)
        {
            _inputs.RemoveAt(0);
        }

        _inputs.Add((AttributeText.Fit(item.Source), id));
        Add(item, drafts, AgentEvents.InputRequested, new InputRequested(
            id, data.Words("prompt", "message", "question") ?? "Input is needed.", data.Kept("schema") ?? data.Rest("prompt", "message", "question", "id", "request_id")));
    }

    private void Receive(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var (data, source) = (item.Data, AttributeText.Fit(item.Source));
        var id = AttributeText.Fit(data.Words("id", "request_id"));
        var at = id is null
            ? _inputs.FindIndex(input => string.Equals(input.Source, source, StringComparison.Ordinal))
            : _inputs.FindIndex(input => string.Equals(input.Id, id, StringComparison.Ordinal));
        if (at >= 0)
        {
            id = _inputs[at].Id;
            _inputs.RemoveAt(at);
        }

        Add(item, drafts, AgentEvents.InputReceived, new InputReceived(
            id ?? item.CorrelationId ?? string.Create(CultureInfo.InvariantCulture, $"{item.RunId ?? scope ?? "input"}-{++_count}"),
            data.Kept("value", "content", "response", "text") ?? data.Rest("id", "request_id")));
    }

    /// <summary>A phase drives what a viewer shows, and must not be lost: a step, which is critical, and not a status, which is not.</summary>
    private void ChangePhase(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var source = AttributeText.Fit(item.Source ?? string.Empty);
        var position = 1;
        if (_phases.Remove(source, out var last))
        {
            position = last.Position + 1;
            Add(item, drafts, AgentEvents.StepComplete, new StepCompleted(last.StepId, last.Name, last.Position));
        }

        var name = item.Data.Words("phase", "name", "to") ?? "phase";
        var step = new StepStarted(string.Create(CultureInfo.InvariantCulture, $"phase-{position}"), name, position);
        if (_phases.Count == LegacyLimits.MaxOpen)
        {
            _phases.RemoveAt(0);
        }

        _phases[source] = step;
        Add(item, drafts, AgentEvents.StepStart, step);
    }

    private Guid StartTool(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var data = item.Data;
        var key = KeyOfTool(item);
        if (_tools.Remove(key, out var last))
        {
            Add(last.Item, drafts, AgentEvents.ToolCallComplete, new ToolCallCompleted(last.Id, Error: "Another call began with its id."));
        }

        var given = data.Words("tool_use_id", "tool_call_id", "id");
        var id = NamedGuid.Of(
            $"{scope}/{item.RunId}/{item.Source}", given is not null && _usedTools.Add(key) ? given : string.Create(CultureInfo.InvariantCulture, $"{key}/{++_count}"));
        _tools.Add(key, (id, item.WithoutData()));
        Add(item, drafts, AgentEvents.ToolCallStart, new ToolCallStarted(
            id,
            data.Words("tool_name", "tool", "name") ?? "tool",
            data.Words("agent") ?? item.Source,
            data.Words("query"),
            data.Words("reasoning"),
            data.Kept("tool_input", "arguments", "input")));
        if (_tools.Count > LegacyLimits.MaxOpen)
        {
            var (oldest, start) = _tools.GetAt(0).Value;
            _tools.RemoveAt(0);
            Add(start, drafts, AgentEvents.ToolCallComplete, new ToolCallCompleted(oldest, Error: "Too many calls were open."));
        }

        return id;
    }

    private void CompleteTool(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var data = item.Data;
        var id = _tools.Remove(KeyOfTool(item), out var open) ? open.Id : StartTool(item, drafts);
        _tools.Remove(KeyOfTool(item));
        var result = data.Find("result", "output");
        var failed = data.Flag("is_error", "error");
        Add(item, drafts, AgentEvents.ToolCallComplete, new ToolCallCompleted(
            id,
            failed ? data.Words("error_message") ?? result?.AsAnyText() ?? "The tool failed." : null,
            data.Words("summary"),
            result is { ValueKind: JsonValueKind.String } text ? JsonText.OfContent(text.AsText()!) : result?.Clone(),
            Duration: data.Duration("duration", "duration_ms")));
    }

    private static string KeyOfTool(in LegacyEvent item) =>
        AttributeText.Fit($"{item.RunId}/{item.Source}/{item.Data.Words("tool_use_id", "tool_call_id", "id") ?? $"{item.Node}/{item.Data.Words("tool_name", "tool", "name")}"}");
}
