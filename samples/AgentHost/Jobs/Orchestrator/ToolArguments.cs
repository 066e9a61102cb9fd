namespace AgentHost.Jobs.Orchestrator;

/// <summary>What a tool is given.</summary>
/// <param name="Values">Queries, or names of files.</param>
internal sealed record ToolArguments(IReadOnlyList<string> Values);
