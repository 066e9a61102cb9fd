using System.Globalization;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Upcasting;

/// <summary>Chains of prompts: kebab-case types with camelCase fields, from <c>execution-start</c> to <c>execution-complete</c>.</summary>
internal sealed class PromptEventUpcaster(string? scope) : IEventUpcaster
{
    private static readonly string[] ToolFields =
        ["execution_id", "prompt_id", "timestamp", "event_id", "tool_name", "tool", "tool_call_id", "id", "success", "result", "error"];

    private readonly OrderedDictionary<string, (StepStarted Step, LegacyEvent Item)> _steps = new(StringComparer.Ordinal);
    private readonly LegacyCalls _tools = new();
    private readonly List<(string Prompt, string Id, LegacyEvent Item)> _searches = [];
    private string? _runId;
    private int _count;
    private int _position;

    public bool TryUpcast(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var data = item.Data;
        switch (item.Type)
        {
            case "execution-start":
                _runId = RunOf(item);
                _position = 0;
                Add(item, drafts, AgentEvents.RunStart, LegacyPayloads.RunStarted(data, "assistant"));
                break;
            case "execution-complete":
                Flush(drafts);
                Add(item, drafts, AgentEvents.RunComplete, LegacyPayloads.RunCompleted(data));
                break;
            case "execution-error":
                var error = LegacyPayloads.Error(data, "execution_error");
                if (!error.Recoverable)
                {
                    Flush(drafts);
                }

                Add(item, drafts, AgentEvents.Error, error);
                break;
            case "prompt-start":
                Start(item, drafts);
                break;
            case "prompt-complete":
                Add(item, drafts, AgentEvents.StepComplete, Complete(data));
                break;
            case "knowledge-retrieval-start":
                Add(item, drafts, AgentEvents.KnowledgeRetrievalStart, new KnowledgeRetrievalStarted(
                    StartSearch(item, drafts), data.Texts("repositories") ?? [], data.Words("search_type"), data.Words("query"), PromptOf(data)));
                break;
            case "knowledge-retrieved":
                Add(item, drafts, AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved(
                    EndSearch(data), Math.Max(0, data.Int("documents_found", "documents") ?? 0), data.Number("relevance_score", "relevance"), data.Integer("tokens"), StepId: PromptOf(data)));
                break;
            case "variable-substitution":
                Add(item, drafts, AgentEvents.VariableSubstitution, new VariablesSubstituted(Variables(data), data.Texts("source_prompts", "source_steps"), PromptOf(data)));
                break;
            case "tool-execution-start":
                StartTool(item, drafts);
                break;
            case "tool-execution-complete":
                CompleteTool(item, drafts);
                break;
            case "progress" when data.Find("fraction") is null && data.Find("percentage", "progress", "current_step") is not null:
                Add(item, drafts, AgentEvents.Progress, LegacyPayloads.Progress(data));
                break;
            default:
                return false;
        }

        return true;
    }

    public void Flush(ICollection<EventDraft> drafts)
    {
        _tools.EndWhere(static (_, _) => true, "The run ended before the call did.", drafts);
        while (_searches.Count > 0)
        {
            EndOldestSearch(drafts);
        }

        while (_steps.Count > 0)
        {
            EndStep(_steps.Count - 1, drafts);
        }
    }

    private static string? PromptOf(JsonElement data) => data.Words("prompt_id", "step_id");

    private static string? RunOf(in LegacyEvent item) => item.RunId ?? item.Data.Words("execution_id");

    private static Dictionary<string, string> Variables(JsonElement data)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in data.FindObject("variables")?.EnumerateObject() ?? default)
        {
            variables[property.Name] = property.Value.AsAnyText();
        }

        return variables;
    }

    private static string ToolKey(JsonElement data) =>
        AttributeText.Fit(data.Words("tool_call_id", "id") ?? $"{PromptOf(data)}/{data.Words("tool_name", "tool")}");

    private void Add<TData>(in LegacyEvent item, ICollection<EventDraft> drafts, EventTypeDescriptor<TData> type, TData data)
        where TData : notnull => drafts.Add(item.Draft(type, data, RunOf(item) ?? _runId));

    private void Start(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var data = item.Data;
        var id = AttributeText.Fit(PromptOf(data)) ?? string.Create(CultureInfo.InvariantCulture, $"prompt-{++_count}");
        var step = new StepStarted(
            id,
            data.Words("prompt_name", "name") ?? id,
            _position = data.Int("position") ?? _position + 1,
            data.Int("total_prompts", "total"),
            data.Words("model_id", "model"),
            data.Flag("has_knowledge"),
            data.Flag("has_tools"));
        _steps.Remove(id);
        _steps.Add(id, (step, item.WithoutData(RunOf(item) ?? _runId)));
        Add(item, drafts, AgentEvents.StepStart, step);
        if (_steps.Count > LegacyLimits.MaxOpen)
        {
            EndStep(0, drafts);
        }
    }

    private void EndStep(int index, ICollection<EventDraft> drafts)
    {
        var (step, item) = _steps.GetAt(index).Value;
        _steps.RemoveAt(index);
        Add(item, drafts, AgentEvents.StepComplete, new StepCompleted(step.StepId, step.Name, step.Position, step.Total));
    }

    private StepCompleted Complete(JsonElement data)
    {
        var id = AttributeText.Fit(PromptOf(data)) ?? _steps.Keys.LastOrDefault() ?? "prompt";
        var start = _steps.Remove(id, out var open) ? open.Step : null;
        return new StepCompleted(
            id,
            start?.Name ?? data.Words("prompt_name", "name") ?? id,
            start?.Position ?? data.Int("position") ?? 1,
            start?.Total ?? data.Int("total_prompts"),
            LegacyPayloads.Usage(data),
            data.Duration("duration"),
            data.Flag("cached"));
    }

    private string StartSearch(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        if (_searches.Count == LegacyLimits.MaxOpen)
        {
            EndOldestSearch(drafts);
        }

        var id = string.Create(CultureInfo.InvariantCulture, $"retrieval-{++_count}");
        _searches.Add((AttributeText.Fit(PromptOf(item.Data) ?? string.Empty), id, item.WithoutData(RunOf(item) ?? _runId)));
        return id;
    }

    private void EndOldestSearch(ICollection<EventDraft> drafts)
    {
        var (prompt, id, item) = _searches[0];
        _searches.RemoveAt(0);
        Add(item, drafts, AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved(id, 0, StepId: prompt.Length > 0 ? prompt : null));
    }

    private string EndSearch(JsonElement data)
    {
        var prompt = AttributeText.Fit(PromptOf(data) ?? string.Empty);
        var at = _searches.FindIndex(search => string.Equals(search.Prompt, prompt, StringComparison.Ordinal));
        if (at < 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"retrieval-{++_count}");
        }

        var id = _searches[at].Id;
        _searches.RemoveAt(at);
        return id;
    }

    private void StartTool(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var key = ToolKey(item.Data);
        _tools.Add(key, BeginTool(item, key, drafts), item with { RunId = RunOf(item) ?? _runId }, drafts);
    }

    private void CompleteTool(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var data = item.Data;
        var key = ToolKey(data);
        if (!_tools.TryTake(key, out var id))
        {
            id = BeginTool(item, key, drafts);
        }

        var error = data.Words("error") ?? (LegacyPayloads.IsFailure(data) ? "The tool failed." : null);
        Add(item, drafts, AgentEvents.ToolCallComplete, new ToolCallCompleted(
            id,
            error,
            data.Words("summary"),
            data.Kept("result") ?? data.Rest([.. ToolFields, "summary", "duration", "parameters"]),
            Duration: data.Duration("duration")));
    }

    private Guid BeginTool(in LegacyEvent item, string key, ICollection<EventDraft> drafts)
    {
        var data = item.Data;

        // The same tool may be called again in one prompt, under the same name.
        var id = NamedGuid.Of($"{scope}/{RunOf(item) ?? _runId}", data.Words("tool_call_id", "id") ?? string.Create(CultureInfo.InvariantCulture, $"{key}/{++_count}"));
        Add(item, drafts, AgentEvents.ToolCallStart, new ToolCallStarted(
            id, data.Words("tool_name", "tool") ?? "tool", Arguments: data.Kept("parameters", "arguments") ?? data.Rest(ToolFields)));
        return id;
    }
}
