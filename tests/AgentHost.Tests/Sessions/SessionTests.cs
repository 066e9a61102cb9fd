using System.Net;
using AgentHost.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Sessions;

internal sealed class SessionTests
{
    [Test]
    public async Task Sessions_are_created_listed_and_deleted()
    {
        await using var host = await TestHost.StartAsync();
        var first = await host.CreateSessionAsync();
        var second = await host.CreateSessionAsync();

        Assert.That(await ListAsync(host), Is.EqualTo([first, second]));
        Assert.That((await host.DeleteAsync($"/api/sessions/{first}")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That(await ListAsync(host), Is.EqualTo([second]));
        Assert.That((await host.DeleteAsync($"/api/sessions/{first}")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Beyond_the_limit_a_session_is_refused_until_another_is_deleted()
    {
        await using var host = await TestHost.StartAsync("--AgentHost:MaxSessions", "1");
        var first = await host.CreateSessionAsync();

        var (status, problem) = await host.SendAsync(HttpMethod.Post, "/api/sessions");
        Assert.That(status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("Delete one"));

        await host.DeleteAsync($"/api/sessions/{first}");
        Assert.That(await host.CreateSessionAsync(), Is.Not.EqualTo(first));
    }

    [Test]
    public async Task A_deleted_sessions_stream_ends_and_does_not_come_back()
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        await stream.ReadUntilAsync("session.created");

        await host.DeleteAsync($"/api/sessions/{session}");

        var rest = await stream.ReadToEndAsync();
        Assert.That(rest.Single(frame => frame.Event is "stream.end").Payload.GetProperty("reason").GetString(), Is.EqualTo("topicClosed"));
        using var again = await host.OpenAsync(TestHost.EventsOf(session));
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_deleted_sessions_runs_are_cancelled_before_its_stream_ends()
    {
        await using var host = await TestHost.StartAsync();
        host.Root.WriteHuge(1_000);
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var (runId, _) = await host.StartRunAsync(session);
        await stream.ReadUntilAsync("progress");

        await host.DeleteAsync($"/api/sessions/{session}");

        var rest = await stream.ReadToEndAsync();
        Assert.That(rest.Single(frame => frame.IsEndOf(runId)).Payload.GetProperty("outcome").GetString(), Is.EqualTo("cancelled"));
        Assert.That(rest[^1].Retry is null ? rest[^1].Event : rest[^2].Event, Is.EqualTo("stream.end"));
    }

    [TestCase("GET", "/api/sessions/none/events")]
    [TestCase("GET", "/api/sessions/none/workers/1/events")]
    [TestCase("POST", "/api/sessions/none/events")]
    [TestCase("POST", "/api/sessions/none/runs")]
    [TestCase("DELETE", "/api/sessions/none/runs/none")]
    [TestCase("DELETE", "/api/sessions/none")]
    [TestCase("GET", "/api/nothing")]
    public async Task An_unknown_session_is_not_found(string method, string path)
    {
        await using var host = await TestHost.StartAsync();
        Assert.That((await host.SendAsync(new HttpMethod(method), path)).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static async Task<string?[]> ListAsync(TestHost host)
    {
        var (_, json) = await host.SendAsync(HttpMethod.Get, "/api/sessions");
        return [.. json.EnumerateArray().Select(session => session.GetProperty("sessionId").GetString())];
    }
}
