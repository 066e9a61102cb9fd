using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Upcasting;

/// <summary>A step that has begun, and what was said of it since.</summary>
internal sealed class StepCall(string key, Guid id, LegacyEvent item)
{
    /// <summary>The fields that have a place of their own when a step begins.</summary>
    public static readonly string[] Fields =
        ["tool_call_id", "step_id", "id", "step", "step_number", "tool", "tool_name", "name", "agent", "agent_name", "query", "reasoning", "timestamp", "run_id"];

    public string Key { get; } = key;

    public Guid Id { get; } = id;

    public LegacyEvent Item { get; } = item;

    public JsonElement? Response { get; set; }

    public int Size => PayloadSize.Of(Response);

    public string? Action { get; set; }

    /// <param name="end">What the event said that ended it; null when none came.</param>
    public ToolCallCompleted ToPayload(JsonElement? end)
    {
        JsonElement?[] parts = [end, Response];
        var action = Action ?? First(parts, static part => part.Find("action")?.AsAnyText());
        return new ToolCallCompleted(
            Id,
            ErrorOf(parts) ?? (end is null && Response is null ? "The run ended before the call did." : null),
            First(parts, static part => part.Words("summary", "response")),
            First(parts, ResultOf),
            First(parts, static part => part.Items("sub_steps")),
            First(parts, static part => part.Items("visualizations", "visualisations")),
            action is not null || parts.Any(static part => part is { } given && given.Flag("is_action")),
            action,
            First(parts, static part => part.Duration("duration")));
    }

    /// <summary>The reason that some part gives; else, when a part only says that it failed, what it says beside.</summary>
    private static string? ErrorOf(JsonElement?[] parts) =>
        First(parts, static part => part.Find("error") switch
        {
            { ValueKind: JsonValueKind.String } text => text.AsText(),
            { ValueKind: JsonValueKind.Object } failure => failure.Words("message") ?? failure.GetRawText(),
            _ => null,
        })
        ?? (parts.Any(static part => part is { } given && given.Flag("error"))
            ? First(parts, static part => part.Words("message", "response", "summary")) ?? "The tool failed."
            : null);

    private static JsonElement? ResultOf(JsonElement part) => part.Kept("result", "output")
        ?? part.Rest([.. Fields, "summary", "response", "error", "message", "sub_steps", "visualizations", "visualisations", "is_action", "action", "duration", "status"]);

    private static T? First<T>(JsonElement?[] parts, Func<JsonElement, T?> read) =>
        parts.Select(part => part is { } given ? read(given) : default).FirstOrDefault(static value => value is not null);
}
