using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Upcasting;

/// <summary>Payloads that more than one legacy form has in common.</summary>
internal static class LegacyPayloads
{
    private static readonly string[] RunFields = ["run_id", "execution_id", "timestamp", "event_id"];

    public static RunStarted RunStarted(JsonElement data, string kind) => new(
        data.Words("kind") ?? kind,
        data.Kept("input", "alert") ?? data.Rest([.. RunFields, "kind", "total_prompts", "total_steps", "attempt"]),
        Math.Max(1, data.Int("attempt") ?? 1),
        data.Int("total_prompts", "total_steps"));

    public static RunCompleted RunCompleted(JsonElement data, TokenUsage? usage = null) => new(
        IsCancelled(data) ? RunOutcome.Cancelled : RunOutcome.Success,
        data.Duration("duration", "time"),
        Usage(data) ?? usage,
        data.Kept("result", "output") ?? data.Rest([.. RunFields, "duration", "time", "success", "status", "outcome", "usage"]));

    public static bool IsFailure(JsonElement data) => data.Find("success") is { ValueKind: JsonValueKind.False };

    public static AgentError Error(JsonElement data, string code, bool recoverable = false)
    {
        if (data.AsText() is { } text)
        {
            return new AgentError(code, text, recoverable);
        }

        return new AgentError(
            data.Words("code") ?? code,
            data.Words("message", "error", "detail", "reason") ?? "The run failed.",
            data.Flag("recoverable"),
            data.Kept("details", "stack_trace") ?? data.Rest([.. RunFields, "code", "message", "error", "detail", "reason", "recoverable", "step_id", "prompt_id", "step", "success"]),
            data.Words("step_id", "prompt_id", "step"));
    }

    public static Progress Progress(JsonElement data)
    {
        var current = data.Integer("current_step", "current");
        var total = data.Integer("total_steps", "total");
        return new Progress(
            data.Words("stage", "status") ?? "progress",
            data.Fraction() ?? (current is { } done && total is > 0 ? Math.Clamp((double)done / total.Value, 0, 1) : 0),
            data.Words("message"),
            current,
            total,
            data.Duration("eta"));
    }

    public static TokenUsage? Usage(JsonElement data)
    {
        var tokens = data.FindObject("usage", "tokens", "token_usage") ?? data;
        var read = tokens.Integer("in", "input_tokens", "prompt_tokens", "prompt", "input");
        var written = tokens.Integer("out", "output_tokens", "completion_tokens", "completion");
        return read is null && written is null ? null : new TokenUsage(Math.Max(0, read ?? 0), Math.Max(0, written ?? 0));
    }

    private static bool IsCancelled(JsonElement data) =>
        data.Text("outcome", "status") is { } outcome && outcome.StartsWith("cancel", StringComparison.OrdinalIgnoreCase);
}
