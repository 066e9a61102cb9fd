namespace EventStreaming.Agents;

/// <summary>How far a tool call is; the payload of <c>tool_call.progress</c>.</summary>
/// <param name="Id">The call.</param>
/// <param name="Message">What it is doing, or null.</param>
/// <param name="Fraction">How much is done, from 0 to 1, or null when that is not known.</param>
public sealed record ToolCallProgress(Guid Id, string? Message = null, double? Fraction = null);
