using System.Text.Json;
using AgentHost.Options;
using AgentHost.Protocols;
using EventStreaming;
using EventStreaming.Agents;

namespace AgentHost.Jobs.Alerts.Remote;

/// <summary>Agents on other hosts: of those that the operator named, the first whose card has the alert's type among its skills.</summary>
internal sealed class AgentHosts(AgentHostOptions options, IHttpClientFactory clients, IEventBus bus, ILogger<AgentHosts> logger) : IAnalysts
{
    public async Task<IAnalyst> FindAsync(string type, CancellationToken cancellationToken)
    {
        var client = new AgentClient(clients.CreateClient(AgentClient.Name), options.AgentSilence);
        var answers = new List<string>();
        foreach (var host in options.Agents)
        {
            try
            {
                var card = await client.GetCardAsync(host, cancellationToken);
                if (card.GetItems("skills").Any(skill => string.Equals(skill.GetText("id"), type, StringComparison.Ordinal)))
                {
                    return new RemoteAnalyst(type, host, client, bus, options, logger);
                }

                answers.Add($"{host} has no such skill");
            }
            catch (AgentRunException exception)
            {
                // Another may have the skill; if none does, this is said.
                answers.Add(exception.Message);
            }
        }

        throw new AgentRunException("no_agent", $"No agent analyses alerts of type {type}: {string.Join("; ", answers)}.");
    }
}
