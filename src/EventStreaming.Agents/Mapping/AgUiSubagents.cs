using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>The subagents at work: each is a worker with a run of its own.</summary>
internal sealed class AgUiSubagents
{
    private readonly Dictionary<string, ImportedRun> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _suspended = new(StringComparer.Ordinal);
    private int _started;

    public ImportedRun? Find(string id) => _open.GetValueOrDefault(AttributeText.Fit(id));

    public bool Start(JsonElement item, ImportedRun root, EventMapperOptions options)
    {
        if (item.Words("subagent_run_id") is not { } given)
        {
            return false;
        }

        var id = AttributeText.Fit(given);
        if (_suspended.Remove(id))
        {
            return true;
        }

        if (_open.Count >= options.MaxOpen || _open.ContainsKey(id))
        {
            return false;
        }

        var parent = item.Words("parent_subagent_run_id") is { } outer ? Find(outer) ?? root : root;

        // A subagent's own id may be as long as an id may be at all; a source has a prefix before it.
        var called = item.Words("name");
        var isWorker = called is { Length: <= EventDraft.MaxAttributeLength } && RunKey.IsWorker(called);
        var source = isWorker ? called! : StreamEvent.WorkerPrefix + (id.Length <= 128 ? id : NamedGuid.Of(string.Empty, id).ToString());
        var run = new ImportedRun(new EventMapperOptions
        {
            Kind = (isWorker ? item.Words("description") : called) ?? "subagent",
            TimeProvider = options.TimeProvider,
            MaxTextLength = options.MaxTextLength,
            MaxValueBytes = options.MaxValueBytes,
            MaxOpen = options.MaxOpen,
        }, NamedGuid.Of(root.RunId, $"{id}/{_started++}").ToString(), source, parent.RunId, root.Budget)
        {
            Drafts = root.Drafts,
        };
        _open.Add(id, run);
        run.Start("subagent", !isWorker && item.Words("description") is { } description ? JsonText.Of(description) : null);
        return true;
    }

    public bool End(string type, JsonElement item, ImportedRun run)
    {
        var id = AttributeText.Fit(item.Words("subagent_run_id") ?? string.Empty);
        if (type is "SUBAGENT_FINISHED" && item.FindObject("outcome")?.Text("type") is "suspended")
        {
            // It waits, and starts again with the run that goes on.
            return _open.ContainsKey(id) && _suspended.Add(id);
        }

        _suspended.Remove(id);
        if (!_open.Remove(id))
        {
            return false;
        }

        if (type is "SUBAGENT_ERROR" && item.Text("code") is "cancelled")
        {
            run.Complete(RunOutcome.Cancelled);
        }
        else if (type is "SUBAGENT_ERROR")
        {
            run.Fail(new AgentError(item.Words("code") ?? "subagent_error", item.Words("message") ?? "The subagent failed."));
        }
        else
        {
            run.Complete(RunOutcome.Success, item.Kept("result"));
        }

        return true;
    }

    /// <summary>The root has ended, and what it started with it.</summary>
    public void EndAll(ICollection<EventDraft> drafts, string? reason)
    {
        foreach (var run in _open.Values.Reverse())
        {
            run.Drafts = drafts;
            run.Complete(RunOutcome.Cancelled, reason: reason);
        }

        _open.Clear();
        _suspended.Clear();
    }
}
