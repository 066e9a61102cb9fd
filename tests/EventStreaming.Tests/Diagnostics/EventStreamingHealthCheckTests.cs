using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NUnit.Framework;

namespace EventStreaming.Tests.Diagnostics;

internal sealed class EventStreamingHealthCheckTests
{
    [Test]
    public async Task A_bus_well_below_its_limits_is_healthy_and_says_its_figures()
    {
        await using var bus = new EventBus(new EventStreamingOptions { Topics = { MaxCount = 10 }, MaxSubscriptions = 10 });
        await using var behind = bus.Subscribe("session-1");
        bus.Publish("session-1", "step");
        bus.Publish("session-1", "step");
        var result = await CheckAsync(bus);

        Assert.That(result.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(result.Data, Is.EquivalentTo(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["topics"] = 1,
            ["subscriptions"] = 1,
            ["historyBytes"] = 2L * EventSize.Envelope,
            ["maxLag"] = 2L,
        }));
    }

    [TestCase(8, HealthStatus.Healthy)]
    [TestCase(9, HealthStatus.Degraded)]
    public async Task A_bus_is_degraded_from_ninety_percent_of_its_topics(int topics, HealthStatus expected)
    {
        await using var bus = new EventBus(new EventStreamingOptions { Topics = { MaxCount = 10 } });
        for (var i = 0; i < topics; i++)
        {
            bus.Publish($"session-{i}", "step");
        }

        var result = await CheckAsync(bus);
        Assert.That(result.Status, Is.EqualTo(expected));
        Assert.That(result.Description, Does.StartWith($"{topics} topics"));
    }

    [TestCase(8, HealthStatus.Healthy)]
    [TestCase(9, HealthStatus.Degraded)]
    public async Task A_bus_is_degraded_from_ninety_percent_of_its_subscriptions(int subscriptions, HealthStatus expected)
    {
        await using var bus = new EventBus(new EventStreamingOptions { MaxSubscriptions = 10 });
        for (var i = 0; i < subscriptions; i++)
        {
            bus.Subscribe("session-1");
        }

        Assert.That((await CheckAsync(bus)).Status, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_stopping_bus_is_degraded_and_a_disposed_one_unhealthy()
    {
        await using var bus = new EventBus();
        bus.StopReaders();
        Assert.That((await CheckAsync(bus)).Status, Is.EqualTo(HealthStatus.Degraded));

        await bus.DisposeAsync();
        Assert.That((await CheckAsync(bus)).Status, Is.EqualTo(HealthStatus.Unhealthy));
    }

    [Test]
    public async Task A_host_adds_it_as_documented()
    {
        using var host = TestHost.Build(static builder =>
        {
            builder.Services.AddEventStreaming();
            builder.Services.AddHealthChecks().AddCheck<EventStreamingHealthCheck>("event-streaming");
        });
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That(report.Entries["event-streaming"].Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task A_host_adds_one_for_a_named_bus_as_documented()
    {
        using var host = TestHost.Build(static builder =>
        {
            builder.Services.AddEventStreaming();
            builder.Services.AddEventStreaming("jobs");
            builder.Services.AddHealthChecks()
                .AddCheck<EventStreamingHealthCheck>("event-streaming")
                .Add(new HealthCheckRegistration("jobs", static services => new EventStreamingHealthCheck(services.GetRequiredKeyedService<EventBus>("jobs")), null, null));
        });
        host.Services.GetRequiredKeyedService<EventBus>("jobs").StopReaders();
        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.That(report.Entries["event-streaming"].Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That((report.Entries["jobs"].Status, report.Entries["jobs"].Description), Is.EqualTo((HealthStatus.Degraded, "The bus 'jobs' is stopping.")));
    }

    private static Task<HealthCheckResult> CheckAsync(EventBus bus) => new EventStreamingHealthCheck(bus).CheckHealthAsync(new HealthCheckContext());
}
