using System.Globalization;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Upcasting;

/// <summary>A session's tool calls: each begins and ends under an id, or under its node's and tool's name.</summary>
internal sealed class SessionTools(string? scope)
{
    private readonly LegacyCalls _open = new();
    private readonly UsedIds _used = new(LegacyLimits.MaxRemembered);
    private int _count;

    public void Start(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var key = KeyOf(item);
        _open.EndWhere((open, _) => string.Equals(open, key, StringComparison.Ordinal), "Another call began with its id.", drafts);
        _open.Add(key, Begin(item, key, drafts), item, drafts);
    }

    public void Complete(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var key = KeyOf(item);
        if (!_open.TryTake(key, out var id))
        {
            // Its start was not seen; a call that ends has begun.
            id = Begin(item, key, drafts);
        }

        var data = item.Data;
        var result = data.Find("result", "output");
        var failed = data.Flag("is_error", "error");
        drafts.Add(item.Draft(AgentEvents.ToolCallComplete, new ToolCallCompleted(
            id,
            failed ? data.Words("error_message") ?? result?.AsAnyText() ?? "The tool failed." : null,
            data.Words("summary"),
            result is { ValueKind: JsonValueKind.String } text ? JsonText.OfContent(text.AsText()!) : result?.Clone(),
            Duration: data.Duration("duration", "duration_ms"))));
    }

    public void EndRun(in LegacyEvent item, ICollection<EventDraft> drafts)
    {
        var by = item;
        _open.EndWhere((_, start) => SessionMessages.IsSameRun(start, by), "The run ended before the call did.", drafts);
    }

    public void EndAll(ICollection<EventDraft> drafts) => _open.EndWhere(static (_, _) => true, "The stream ended before the call did.", drafts);

    private static string? IdOf(JsonElement data) => data.Words("tool_use_id", "tool_call_id", "id");

    private static string KeyOf(in LegacyEvent item) =>
        AttributeText.Fit($"{item.RunId}/{item.Source}/{IdOf(item.Data) ?? $"{item.Node}/{item.Data.Words("tool_name", "tool", "name")}"}");

    private Guid Begin(in LegacyEvent item, string key, ICollection<EventDraft> drafts)
    {
        var data = item.Data;
        var given = IdOf(data);
        var id = NamedGuid.Of(
            $"{scope}/{item.RunId}/{item.Source}", given is not null && _used.Add(key) ? given : string.Create(CultureInfo.InvariantCulture, $"{key}/{++_count}"));
        drafts.Add(item.Draft(AgentEvents.ToolCallStart, new ToolCallStarted(
            id,
            data.Words("tool_name", "tool", "name") ?? "tool",
            data.Words("agent") ?? item.Source,
            data.Words("query"),
            data.Words("reasoning"),
            data.Kept("tool_input", "arguments", "input"))));
        return id;
    }
}
