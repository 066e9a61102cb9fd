namespace AgentHost.Jobs.Orchestrator;

/// <summary>A file in what a search reports.</summary>
internal sealed record SearchRow(string File, int Hits, double Relevance);
