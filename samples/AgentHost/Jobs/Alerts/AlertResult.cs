namespace AgentHost.Jobs.Alerts;

/// <summary>What came of an alert: the result in its <c>run.complete</c>.</summary>
internal sealed record AlertResult(string AlertId, string Type, string Agent, Finding Finding);
