namespace AgentHost.Jobs.Orchestrator;

/// <summary>What is in a chart: a value for each label.</summary>
internal sealed record ChartData(string Title, IReadOnlyList<string> Labels, IReadOnlyList<int> Values);
