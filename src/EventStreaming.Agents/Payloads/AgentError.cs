using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>Something failed; the payload of <c>error</c>.</summary>
/// <param name="Code">What sort of failure, for programs, such as <c>directory_unreadable</c>.</param>
/// <param name="Message">What happened, for a person.</param>
/// <param name="Recoverable">Whether the run goes on. False: this ends it.</param>
/// <param name="Details">More for programs, or null.</param>
/// <param name="StepId">The step that failed, or null.</param>
public sealed record AgentError(string Code, string Message, bool Recoverable = false, JsonElement? Details = null, string? StepId = null);
