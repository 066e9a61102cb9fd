namespace AgentHost.Endpoints;

/// <summary>The answer to <c>POST /api/sessions</c>.</summary>
internal sealed record SessionCreatedResponse(string SessionId);

/// <summary>One session in the answer to <c>GET /api/sessions</c>.</summary>
/// <param name="SessionId">Its id.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="Runs">The runs at work.</param>
internal sealed record SessionResponse(string SessionId, DateTimeOffset CreatedAt, IReadOnlyList<RunResponse> Runs);

/// <summary>A run at work.</summary>
internal sealed record RunResponse(string RunId, string Kind);
