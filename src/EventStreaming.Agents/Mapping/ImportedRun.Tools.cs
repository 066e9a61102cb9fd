using System.Runtime.InteropServices;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <content>Tool calls.</content>
internal sealed partial class ImportedRun
{
    private readonly OpenParts<OpenTool> _tools;

    public Guid? FindTool(string? key) => _tools.TryGet(key, out var tool) ? tool.Id : null;

    /// <returns>False when it is open already, or too much is.</returns>
    public bool StartTool(string key, string tool, string? agent = null, JsonElement? arguments = null, string? parentId = null, string? query = null, string? reasoning = null)
    {
        key = AttributeText.Fit(key);
        if (!IsOpen || !_tools.HasRoom(key))
        {
            return false;
        }

        var id = NamedGuid.Of(RunId, key);
        if (!Use(id.ToString()))
        {
            id = NamedGuid.Of(RunId, Again(key));
        }

        _tools.Add(key, new OpenTool(id, _options.TimeProvider.GetTimestamp()));
        Add(AgentEvents.ToolCallStart, new ToolCallStarted(id, Name(tool), NameOrNull(agent), LimitOrNull(query), LimitOrNull(reasoning), Fit(arguments)), parentId);
        return true;
    }

    /// <summary>Says how far a call is that is open.</summary>
    public bool TellTool(string? key, string? message, double? fraction)
    {
        if (!IsOpen || FindTool(key) is not { } id)
        {
            return false;
        }

        Add(AgentEvents.ToolCallProgress, new ToolCallProgress(id, LimitOrNull(message), fraction is { } part ? Math.Clamp(part, 0, 1) : null));
        return true;
    }

    /// <param name="key">The call.</param>
    /// <param name="error">Why it failed, or null.</param>
    /// <param name="result">What came of it, or null.</param>
    /// <param name="summary">The same in words, or null.</param>
    /// <param name="more">An object with what else there may be to say: <c>sub_steps</c>, <c>visualizations</c>, <c>is_action</c>, <c>action</c>.</param>
    public bool EndTool(string key, string? error = null, JsonElement? result = null, string? summary = null, JsonElement more = default)
    {
        if (!IsOpen || !_tools.TryTake(key, out var tool))
        {
            return false;
        }

        End(tool, error, result, summary, more);
        return true;
    }

    private void End(OpenTool tool, string? error, JsonElement? result = null, string? summary = null, JsonElement more = default) =>
        Add(AgentEvents.ToolCallComplete, new ToolCallCompleted(
            tool.Id,
            LimitOrNull(error),
            NameOrNull(summary),
            Fit(result),
            FitAll(more.Items("sub_steps")),
            FitAll(more.Items("visualizations")),
            more.Flag("is_action"),
            NameOrNull(more.Words("action")),
            Since(tool.StartedAt)));

    private IReadOnlyList<JsonElement>? FitAll(IReadOnlyList<JsonElement>? items) => PayloadSize.Of(items) <= _options.MaxValueBytes ? items : null;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct OpenTool(Guid Id, long StartedAt);
}
