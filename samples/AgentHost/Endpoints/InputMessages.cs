using System.Text.Json;

namespace AgentHost.Endpoints;

/// <summary>The body of <c>POST /api/sessions/{id}/inputs/{inputId}</c>.</summary>
/// <param name="Value">The answer; null: there will be none.</param>
internal sealed record AnswerRequest(JsonElement Value = default);
