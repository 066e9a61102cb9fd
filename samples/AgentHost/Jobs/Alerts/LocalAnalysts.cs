using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts;

/// <summary>The agents in this host.</summary>
internal sealed class LocalAnalysts : IAnalysts
{
    public Task<IAnalyst> FindAsync(string type, CancellationToken cancellationToken) => Task.FromResult<IAnalyst>(new LocalAnalyst(type));

    private sealed class LocalAnalyst(string type) : IAnalyst
    {
        public string Name => AlertType.AgentOf(type);

        public Task<Finding> AnalyzeAsync(AlertTask task, CancellationToken cancellationToken)
        {
            var agent = AlertAgent.Create(type, async token => TradeFile.Parse(task.Alert.Trades!, await task.ReadTrades(token)));
            var options = new AgentRunOptions { ParentId = task.CallId, CancellationToken = cancellationToken };
            return task.Run.RunWorkerAsync(task.Worker, agent.Name, (own, token) => agent.AnalyzeAsync(own, task.Alert, token), JobJsonContext.Default.Finding, options);
        }
    }
}
