using System.Net;
using AgentHost.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Endpoints;

internal sealed class HostTests
{
    [Test]
    public async Task It_says_that_it_is_healthy()
    {
        await using var host = await TestHost.StartAsync();
        using var response = await host.Client.GetAsync("/healthz");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("Healthy"));
    }

    [Test]
    public async Task A_bus_near_its_limit_is_told_by_the_health()
    {
        await using var host = await TestHost.StartAsync("--EventStreaming:Topics:MaxCount", "1");
        await host.CreateSessionAsync();
        Assert.That(await host.Client.GetStringAsync("/healthz"), Is.EqualTo("Degraded"));
    }

    [Test]
    public async Task A_name_that_was_made_to_lead_here_is_refused()
    {
        await using var host = await TestHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/sessions");
        request.Headers.Host = "rebound.example";
        using var response = await host.Client.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task What_a_route_does_not_do_is_told_as_a_problem()
    {
        await using var host = await TestHost.StartAsync();
        var (status, _) = await host.SendAsync(HttpMethod.Put, "/api/sessions", "{}");
        Assert.That(status, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }
}
