using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.DependencyInjection;

internal sealed class AddAgentsTests
{
    [Test]
    public async Task A_host_has_all_that_agents_need_for_its_own_bus_and_a_named_one()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddEventStreaming().AddCatalog(AgentEvents.Catalog).AddAgents(static runs => runs.MaxRuns = 7, static snapshots => snapshots.MaxItems = 8).AddAgents();
        services.AddEventStreaming("other").AddAgents();
        await using var provider = services.BuildServiceProvider();

        foreach (var type in new[] { typeof(AgentRuns), typeof(AgentRunner), typeof(ISessionSnapshots), typeof(AgUiProtocol), typeof(A2AProtocol), typeof(AiSdkProtocol) })
        {
            var own = provider.GetRequiredService(type);
            Assert.That(provider.GetRequiredKeyedService(type, EventBus.DefaultName), Is.SameAs(own), type.Name);
            Assert.That(provider.GetRequiredKeyedService(type, "other"), Is.Not.SameAs(own), type.Name);
        }

        Assert.That(provider.GetRequiredService<IOptions<AgentRunsOptions>>().Value.MaxRuns, Is.EqualTo(7));
        Assert.That(provider.GetRequiredService<IOptions<SessionSnapshotsOptions>>().Value.MaxItems, Is.EqualTo(8));
        using var run = provider.GetRequiredKeyedService<IEventBus>("other").StartRun("session-1", "index");
        Assert.That(run.RunId, Is.Not.Empty, "The bus knows the types of the catalog.");
    }

    [Test]
    public async Task A_protocol_that_the_host_has_registered_itself_stays()
    {
        var services = new ServiceCollection();
        services.AddKeyedSingleton(EventBus.DefaultName, static (provider, _) => new AgUiProtocol(provider.GetRequiredService<ISessionSnapshots>()) { IncludeWorkers = true });
        services.AddEventStreaming().AddAgents();
        await using var provider = services.BuildServiceProvider();

        Assert.That(provider.GetRequiredService<AgUiProtocol>().IncludeWorkers, Is.True);
    }
}
