using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>A run begins; the payload of <c>run.start</c>.</summary>
/// <param name="Kind">What sort of run it is, such as <c>index</c>.</param>
/// <param name="Input">What it was asked to do, or null.</param>
/// <param name="Attempt">Which try it is: 1, 2, 3 …</param>
/// <param name="TotalSteps">How many steps its plan has, or null when that is not known.</param>
/// <param name="ParentRunId">The run that started it, or null.</param>
public sealed record RunStarted(string Kind, JsonElement? Input = null, int Attempt = 1, int? TotalSteps = null, string? ParentRunId = null);
