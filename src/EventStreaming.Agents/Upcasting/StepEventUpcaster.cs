using System.Globalization;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Upcasting;

/// <summary>
/// Runs by steps: <c>step_started</c>, then <c>step_response</c>, <c>action_executed</c> and <c>step_complete</c>, which together are one
/// <c>tool_call.complete</c>. A step without an id is the one that began last.
/// </summary>
internal sealed class StepEventUpcaster(string? scope) : IEventUpcaster
{
    private readonly List<StepCall> _open = [];
    private readonly UsedIds _completed = new(LegacyLimits.MaxRemembered);
    private (LegacyEvent Item, string Action)? _action;
    private string? _runId;
    private int _count;

    public bool TryUpcast(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        switch (item.Type)
        {
            case "thread_created":
                drafts.Add(item.Draft(AgentEvents.SessionCreated, new SessionCreated(item.Data.Words("thread_id", "id") ?? item.Data.AsText() ?? string.Empty)));
                return true;
            case "run_start":
                _runId = RunOf(item) ?? _runId;
                drafts.Add(Draft(item, AgentEvents.RunStart, LegacyPayloads.RunStarted(item.Data, "orchestrator")));
                return true;
            case "run_complete":
                Flush(drafts);
                drafts.Add(
                    LegacyPayloads.IsFailure(item.Data)
                        ? Draft(item, AgentEvents.Error, LegacyPayloads.Error(item.Data, "run_failed"))
                        : Draft(item, AgentEvents.RunComplete, LegacyPayloads.RunCompleted(item.Data)));
                return true;
            case "error":
                var error = LegacyPayloads.Error(item.Data, "error");
                if (!error.Recoverable)
                {
                    Flush(drafts);
                }

                drafts.Add(Draft(item, AgentEvents.Error, error));
                return true;
            case "step_thinking":
                drafts.Add(Draft(item, AgentEvents.Status, new Status(item.Data.Words("message", "status", "text", "content") ?? item.Data.AsText() ?? "Thinking")));
                return true;
            case "message":
                drafts.Add(Draft(item, AgentEvents.MessageComplete, Message(item)));
                return true;
            case "step_started":
                Start(item, drafts);
                return true;
            case "step_response":
                Find(item, drafts).Response = item.Data;
                Limit(drafts);
                return true;
            case "action_executed":
                OnAction(item, drafts);
                return true;
            case "step_complete":
                Complete(Find(item, drafts), item, item.Data, drafts);
                return true;
            default:
                return false;
        }
    }

    public void Flush(ICollection<EventDraft> drafts)
    {
        foreach (var call in _open.ToArray())
        {
            Complete(call, call.Item, end: null, drafts);
        }

        if (_action is { } action)
        {
            _action = null;
            CompleteAction(action.Item, action.Action, drafts);
        }
    }

    private static string? IdOf(JsonElement data) => data.Words("tool_call_id", "step_id", "id", "step", "step_number");

    private static string? RunOf(in LegacyEvent item) => item.RunId ?? item.Data.Words("run_id");

    private static string ActionOf(JsonElement data) => data.Find("action", "name", "tool")?.AsAnyText() ?? data.AsAnyText();

    private EventDraft Draft<TData>(in LegacyEvent item, EventTypeDescriptor<TData> type, TData data)
        where TData : notnull => item.Draft(type, data, RunOf(item) ?? _runId);

    private Guid NewId(in LegacyEvent item, string id) => NamedGuid.Of($"{scope}/{RunOf(item) ?? _runId}", id);

    private MessageCompleted Message(in LegacyEvent item)
    {
        var data = item.Data;
        return new MessageCompleted(
            data.Words("id", "message_id") ?? NewId(item, $"message-{++_count}").ToString(),
            data.Words("role") ?? "assistant",
            data.Text("text", "content", "message") ?? data.AsText() ?? string.Empty);
    }

    private StepCall Start(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var data = item.Data;
        var key = AttributeText.Fit(IdOf(data)) ?? string.Create(CultureInfo.InvariantCulture, $"#{++_count}");

        // Steps may be counted from 1 again, as in a second attempt.
        var isKnown = _completed.MayContain(key) || _open.Exists(open => string.Equals(open.Key, key, StringComparison.Ordinal));
        var call = new StepCall(key, NewId(item, isKnown ? string.Create(CultureInfo.InvariantCulture, $"{key}/{++_count}") : key), item.WithoutData(RunOf(item) ?? _runId));
        _open.Add(call);
        drafts.Add(Draft(item, AgentEvents.ToolCallStart, new ToolCallStarted(
            call.Id,
            data.Words("tool", "tool_name", "name", "agent") ?? "tool",
            data.Words("agent", "agent_name"),
            data.Words("query"),
            data.Words("reasoning"),
            data.Kept("arguments", "parameters") ?? data.Rest(StepCall.Fields))));
        Limit(drafts);
        return call;
    }

    /// <summary>Ends the oldest calls when too much is open.</summary>
    private void Limit(ICollection<EventDraft> drafts)
    {
        while (_open.Count > LegacyLimits.MaxOpen || (_open.Count > 1 && _open.Sum(static call => (long)call.Size) > LegacyLimits.MaxHeld))
        {
            Complete(_open[0], _open[0].Item, end: null, drafts);
        }
    }

    /// <summary>The call a part belongs to: by its id, else the one that began last. A part of one that was never said to begin begins it.</summary>
    private StepCall Find(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var id = AttributeText.Fit(IdOf(item.Data));
        return (id is null ? _open.LastOrDefault() : _open.Find(call => string.Equals(call.Key, id, StringComparison.Ordinal))) ?? Start(item, drafts);
    }

    private void OnAction(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var action = ActionOf(item.Data);
        var id = AttributeText.Fit(IdOf(item.Data));
        var call = id is null ? _open.LastOrDefault() : _open.Find(open => string.Equals(open.Key, id, StringComparison.Ordinal));
        if (call is not null)
        {
            call.Action = action;
        }
        else if (id is not null && _completed.MayContain(id))
        {
            // Too late for its step's one complete: a call of its own rather than none.
            CompleteAction(item, action, drafts);
        }
        else
        {
            if (_action is { } waiting)
            {
                CompleteAction(waiting.Item, waiting.Action, drafts);
            }

            _action = (item, action);
        }
    }

    private void CompleteAction(in LegacyEvent item, string action, ICollection<EventDraft> drafts)
    {
        var id = NewId(item, string.Create(CultureInfo.InvariantCulture, $"action-{++_count}"));
        drafts.Add(Draft(item, AgentEvents.ToolCallStart, new ToolCallStarted(id, item.Data.Words("tool", "name", "action") ?? "action")));
        drafts.Add(Draft(item, AgentEvents.ToolCallComplete, new ToolCallCompleted(id, IsAction: true, Action: action)));
    }

    private void Complete(StepCall call, in LegacyEvent item, JsonElement? end, ICollection<EventDraft> drafts)
    {
        _open.Remove(call);
        _completed.Add(call.Key);
        if (call.Action is null && _action is { } action && end is not null)
        {
            call.Action = action.Action;
            _action = null;
        }

        drafts.Add(Draft(item, AgentEvents.ToolCallComplete, call.ToPayload(end)));
    }
}
