namespace AgentHost.Jobs.Orchestrator;

/// <summary>A chart that viewers may draw.</summary>
/// <param name="Type"><c>bar_chart</c>.</param>
/// <param name="Data">What is in it.</param>
internal sealed record ChartVisualization(string Type, ChartData Data);
