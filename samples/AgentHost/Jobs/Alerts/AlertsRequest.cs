namespace AgentHost.Jobs.Alerts;

/// <summary>Asks for the analysis of an alert.</summary>
/// <param name="Kind"><c>alerts</c>.</param>
/// <param name="File">The alert: a JSON file, absolute or from the root, with its trades beside it.</param>
/// <param name="Provoke">What shall go wrong: <c>capacity</c>, or null.</param>
internal sealed record AlertsRequest(string? Kind = null, string? File = null, string? Provoke = null);
