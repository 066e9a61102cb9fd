using EventStreaming.Agents;

namespace AgentHost.Endpoints;

/// <summary>The answer to <c>POST /api/sessions</c>.</summary>
internal sealed record SessionCreatedResponse(string SessionId);

/// <summary>One session in the answer to <c>GET /api/sessions</c>.</summary>
/// <param name="SessionId">Its id.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="Title">What it is about; null until someone has said so.</param>
/// <param name="Runs">Its runs, in the order of their start: those at work, and of those that have ended the last ones.</param>
internal sealed record SessionResponse(string SessionId, DateTimeOffset CreatedAt, string? Title, IReadOnlyList<RunResponse> Runs);

/// <summary>A run.</summary>
/// <param name="RunId">Its id.</param>
/// <param name="Kind">What sort of run it is.</param>
/// <param name="State">How it stands.</param>
internal sealed record RunResponse(string RunId, string Kind, RunState State);
