namespace AgentHost.Jobs.Alerts;

/// <summary>A buy and a sell that cancel each other out.</summary>
internal sealed record WashPair(Trade First, Trade Second, decimal Quantity);
