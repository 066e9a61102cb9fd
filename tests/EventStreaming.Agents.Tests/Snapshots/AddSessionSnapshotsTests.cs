using EventStreaming.Agents.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Snapshots;

internal sealed class AddSessionSnapshotsTests
{
    [Test]
    public async Task Each_bus_that_has_them_knows_its_own_sessions_from_before_the_hosts_services_start()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IHostedService>(static provider => new Publisher(provider.GetRequiredService<IEventBus>()));
        services.AddEventStreaming().AddCatalog(AgentEvents.Catalog).AddSessionSnapshots().AddSessionSnapshots(static options => options.MaxItems = 7);
        services.AddEventStreaming("other").AddCatalog(AgentEvents.Catalog).AddSessionSnapshots();
        await using var provider = services.BuildServiceProvider();
        foreach (var service in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(CancellationToken.None);
        }

        foreach (var service in provider.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        var snapshots = provider.GetRequiredService<ISessionSnapshots>();
        var others = provider.GetRequiredKeyedService<ISessionSnapshots>("other");
        provider.GetRequiredKeyedService<IEventBus>("other").Publish("session-2", AgentEvents.RunStart, new RunStarted("other"));
        await Eventually.IsAsync(() => snapshots.Find("session-1") is not null && others.Find("session-2") is not null);

        Assert.That((snapshots.Find("session-2"), others.Find("session-1")), Is.EqualTo(((SessionSnapshot?)null, (SessionSnapshot?)null)));
        Assert.That(provider.GetRequiredKeyedService<ITopicSnapshots>("other"), Is.SameAs(others));
        Assert.That(provider.GetRequiredKeyedService<ISessionSnapshots>(EventBus.DefaultName), Is.SameAs(snapshots));
        Assert.That(provider.GetRequiredService<IOptionsMonitor<SessionSnapshotsOptions>>().CurrentValue.MaxItems, Is.EqualTo(7));
    }

    [Test]
    public void A_host_with_options_out_of_their_range_does_not_start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddEventStreaming().AddSessionSnapshots(static options => options.MaxSessions = 0);
        var app = builder.Build();

        Assert.That(() => app.StartAsync(), Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("MaxSessions is 0"));
    }

    private sealed class Publisher(IEventBus bus) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            bus.Publish("session-1", AgentEvents.RunStart, new RunStarted("first"));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
