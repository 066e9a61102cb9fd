using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts;

/// <summary>Someone who analyses alerts of a type, as a worker of the run that asks.</summary>
internal interface IAnalyst
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Analyses an alert. The worker's run has ended when it returns, or throws.</summary>
    /// <exception cref="AgentRunException">It cannot be analysed.</exception>
    Task<Finding> AnalyzeAsync(AlertTask task, CancellationToken cancellationToken);
}
