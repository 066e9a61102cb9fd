using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts;

/// <summary>Who can be asked to analyse alerts.</summary>
internal interface IAnalysts
{
    /// <summary>Finds who analyses alerts of a type.</summary>
    /// <exception cref="AgentRunException">Nobody does.</exception>
    Task<IAnalyst> FindAsync(string type, CancellationToken cancellationToken);
}
