using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>
/// Events that this package wrote into an A2A stream: a status update that says in its metadata, under <c>eventstreaming</c>, of which type the event is that its data part holds.
/// </summary>
internal static class A2AMarkedEvents
{
    public static JsonElement? MarkOf(JsonElement update) => update.FindObject("metadata")?.FindObject("eventstreaming");

    public static string? TypeOf(JsonElement update) => MarkOf(update)?.Words("type");

    /// <returns>False when it says nothing beside the task's state and its text.</returns>
    public static bool TryMap(JsonElement update, JsonElement? message, ImportedRun run)
    {
        if (TypeOf(update) is not { } type || message is not { } given || A2AParts.DataOf(given) is not { ValueKind: JsonValueKind.Object } data)
        {
            return false;
        }

        switch (type)
        {
            case "tool_call.start" when data.Words("id") is { } id:
                run.StartTool(id, data.Words("tool") ?? "tool", data.Words("agent"), data.Kept("arguments"), parentId: null, data.Words("query"), data.Words("reasoning"));
                return true;
            case "tool_call.progress":
                run.TellTool(data.Words("id"), data.Words("message"), data.Fraction());
                return true;
            case "tool_call.complete" when data.Words("id") is { } id:
                run.EndTool(id, data.Words("error"), data.Kept("result"), data.Words("summary"), data);
                return true;
            case "step.start" when data.Words("step_id") is { } id:
                run.StartStep(id, data.Words("name") ?? id, data.Int("position"));
                return true;
            case "step.complete" when data.Words("step_id") is { } id:
                run.EndStep(id);
                return true;
            case "reasoning.delta" when data.Words("id") is { } id:
                run.Think(id, data.Text("text") ?? string.Empty);
                return true;
            case "input.requested" when data.Words("id") is { } id:
                run.Ask(id, data.Words("prompt") ?? "Input is needed.", data.Kept("schema"), run.FindTool(data.Words("tool_call_id")));
                return true;
            case "input.received" when data.Words("id") is { } id:
                run.Answer(id, data.Kept("value"));
                return true;
            case "error":
                // Of a worker it may have been the last word; the run goes on.
                run.Report(data.Words("code") ?? "error", data.Words("message") ?? "Something failed.", data.Kept("details"), data.Words("step_id"));
                return true;
            case "run.start" or "run.complete" or "session.created":
                // A worker's: of its run no more is said than that.
                return true;
            default:
                return CustomEvents.Map(type, data, run);
        }
    }
}
