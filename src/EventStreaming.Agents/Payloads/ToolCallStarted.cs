using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>An agent calls a tool; the payload of <c>tool_call.start</c>.</summary>
/// <param name="Id">The call.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Agent">Who calls it, or null.</param>
/// <param name="Query">What it is asked, in a line, or null.</param>
/// <param name="Reasoning">Why, or null.</param>
/// <param name="Arguments">All that it is given, or null.</param>
public sealed record ToolCallStarted(
    Guid Id, string Tool, string? Agent = null, string? Query = null, string? Reasoning = null, JsonElement? Arguments = null);
