using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts;

/// <summary>What an analyst is asked to do.</summary>
/// <param name="Run">The run that asks.</param>
/// <param name="Worker">What the analyst is called in the session.</param>
/// <param name="CallId">The tool call as which the run shows it.</param>
/// <param name="Alert">The alert.</param>
/// <param name="ReadTrades">Reads the file of its trades.</param>
internal sealed record AlertTask(AgentRun Run, string Worker, string CallId, Alert Alert, Func<CancellationToken, Task<string>> ReadTrades);
