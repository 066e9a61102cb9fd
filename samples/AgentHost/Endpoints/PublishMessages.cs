using System.Text.Json;

namespace AgentHost.Endpoints;

/// <summary>An event in the body of <c>POST /api/sessions/{id}/events</c>.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Source">Who says it, or null.</param>
/// <param name="Data">Its payload, any JSON.</param>
internal sealed record PublishRequest(string? Type = null, string? Source = null, JsonElement Data = default);

/// <summary>The answer to it: where each event is, in their order.</summary>
internal sealed record PublishResponse(IReadOnlyList<string> Cursors);
