using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runner;

internal sealed class AddAgentRunsTests
{
    [Test]
    public async Task Viewers_see_how_runs_end_when_the_host_stops()
    {
        using var host = TestHost.Build(static builder => builder.Services.AddEventStreaming().AddCatalog(AgentEvents.Catalog).AddAgentRuns());
        await host.StartAsync();
        var viewer = host.Bus().Subscribe(RunRecorder.Topic);
        host.Services.GetRequiredService<AgentRuns>().Start(RunRecorder.Topic, "index", static (_, token) => Task.Delay(Timeout.Infinite, token));

        await host.StopAsync();

        var types = new List<string>();
        await foreach (var item in viewer)
        {
            types.Add(item.Type);
        }

        Assert.That(types, Is.EqualTo(["run.start", "run.complete"]));
    }

    [Test]
    public void Options_are_set_over_several_calls_and_checked_when_the_host_starts()
    {
        using var host = TestHost.Build(static builder => builder.Services.AddEventStreaming()
            .AddAgentRuns(static options => options.MaxRuns = 0)
            .AddAgentRuns(static options => options.Runner.MaxAttempts = 101));

        Assert.That(async () => await host.StartAsync(), Throws.InstanceOf<OptionsValidationException>()
            .With.Message.Contains("MaxRuns is 0; set it between 1 and 1048576.").And.Message.Contains("Runner:MaxAttempts is 101"));
    }

    [Test]
    public async Task A_bus_of_its_own_name_has_runs_of_its_own()
    {
        using var host = TestHost.Build(static builder =>
        {
            builder.Services.AddEventStreaming().AddCatalog(AgentEvents.Catalog).AddAgentRuns();
            builder.Services.AddEventStreaming("other").AddCatalog(AgentEvents.Catalog).AddAgentRuns(static options => options.MaxRuns = 1);
        });
        await host.StartAsync();
        var other = host.Services.GetRequiredKeyedService<AgentRuns>("other");

        var id = other.Start("a", "index", static (_, _) => Task.CompletedTask).RunId!;
        await other.WaitAsync(id).WithinSafetyAsync();

        Assert.That(host.Services.GetRequiredService<AgentRuns>(), Is.Not.SameAs(other));
        Assert.That(host.Services.GetRequiredKeyedService<AgentRunner>("other"), Is.SameAs(other.Runner));
        Assert.That(host.Services.GetRequiredService<AgentRuns>().Find(id), Is.Null);
        await host.StopAsync();
    }
}
