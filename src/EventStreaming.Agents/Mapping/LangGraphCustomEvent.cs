using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>An event that an agent's own code sends: progress if it says how much is done, else a status.</summary>
internal static class LangGraphCustomEvent
{
    public static void Map(LangGraphSource source, ImportedRun run)
    {
        if (ReadProgress(source.Data, source.Name) is { } progress)
        {
            run.Tell(progress, source.ParentId);
        }
        else
        {
            run.Say(ReadStatus(source.Data) ?? ReadScalar(source) ?? source.Name, source.ParentId);
        }
    }

    /// <returns>Null when it does not say how much is done.</returns>
    public static Progress? ReadProgress(JsonElement data, string stage)
    {
        var current = data.Integer("current", "current_step", "completed", "done");
        var total = data.Integer("total", "total_steps");
        var fraction = data.Fraction() ?? (current is { } done && total is > 0 ? Math.Clamp((double)done / total.Value, 0, 1) : null);
        return fraction is { } value ? new Progress(data.Words("stage", "phase") ?? stage, value, data.Words("message", "status", "text"), current, total, data.Duration("eta")) : null;
    }

    public static string? ReadStatus(JsonElement data) => data.Words("message", "status", "text", "content", "description");

    private static string? ReadScalar(LangGraphSource source) => source.Scalar is { Length: > 0 } text ? text : null;
}
