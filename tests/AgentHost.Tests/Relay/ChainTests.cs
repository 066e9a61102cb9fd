using System.Net;
using System.Net.Sockets;
using AgentHost.Tests.Support;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Relay;

/// <summary>Hosts that show the sessions of another, which may itself have them from a third.</summary>
internal sealed class ChainTests
{
    [Test]
    public async Task A_viewer_of_the_last_of_three_hosts_sees_what_those_of_the_first_see_with_the_same_ids()
    {
        await using var first = await TestHost.StartAsync();
        await using var second = await RelayAsync(first);
        await using var third = await RelayAsync(second);
        first.Root.WriteMany(20);
        var session = await first.CreateSessionAsync();
        using var near = await first.OpenAsync(TestHost.EventsOf(session));
        using var far = await third.OpenAsync(TestHost.EventsOf(session));
        var (runId, workerIds) = await first.StartRunAsync(session);
        var said = await near.ReadUntilAsync(frame => frame.IsEndOf(runId));
        var relayed = await far.ReadUntilAsync(frame => frame.IsEndOf(runId));

        Assert.That(relayed.Skip(1).Select(static frame => (frame.Id, frame.Data)), Is.EqualTo(said.Skip(1).Select(static frame => (frame.Id, frame.Data))), "behind stream.open");
        Assert.That(far.Response.Headers.Via.Count, Is.EqualTo(2));

        using var worker = await third.OpenAsync(TestHost.WorkerEventsOf(session, workerIds[0]));
        var noise = await worker.ReadUntilAsync("run.complete");
        Assert.That(noise.Skip(1).Select(static frame => frame.Source()), Is.All.EqualTo($"worker:{workerIds[0]}"));
        Assert.That(noise.Select(static frame => frame.Event), Does.Contain("tool_call.start"));

        var middle = said[said.Count / 2];
        using var elsewhere = await second.OpenAsync(TestHost.EventsOf(session), middle.Id);
        var missed = await elsewhere.ReadUntilAsync(frame => frame.IsEndOf(runId));
        Assert.That(missed.Skip(1).Select(static frame => frame.Id), Is.EqualTo(said.Skip((said.Count / 2) + 1).Select(static frame => frame.Id)));
    }

    [Test]
    public async Task A_session_that_no_host_has_is_found_nowhere_and_ones_own_are_ones_own()
    {
        await using var first = await TestHost.StartAsync();
        await using var second = await RelayAsync(first);
        using var made = await second.OpenAsync(TestHost.EventsOf("session-made-up"));
        Assert.That(made.Status, Is.EqualTo(HttpStatusCode.NotFound));

        var own = await second.CreateSessionAsync();
        using var stream = await second.OpenAsync(TestHost.EventsOf(own));
        Assert.That((await stream.ReadUntilAsync("session.created"))[^1].Payload.GetProperty("thread_id").GetString(), Is.EqualTo(own));
        using var unknown = await first.OpenAsync(TestHost.EventsOf(own));
        Assert.That(unknown.Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_session_that_is_deleted_where_it_is_ends_everywhere()
    {
        await using var first = await TestHost.StartAsync();
        await using var second = await RelayAsync(first);
        var session = await first.CreateSessionAsync();
        using var stream = await second.OpenAsync(TestHost.EventsOf(session));
        await stream.ReadUntilAsync("session.created");
        await first.DeleteAsync($"/api/sessions/{session}");

        var end = await stream.ReadUntilAsync("stream.end");
        Assert.That(end[^1].Payload.GetProperty("reason").GetString(), Is.EqualTo("topicClosed"));
    }

    [Test]
    public async Task Events_and_runs_go_to_the_host_that_has_the_session()
    {
        await using var first = await TestHost.StartAsync();
        await using var second = await RelayAsync(first);
        var session = await first.CreateSessionAsync();
        var (published, _) = await second.PostAsync(TestHost.EventsOf(session), """{"type":"build.done"}""");
        var (started, _) = await second.PostAsync($"/api/sessions/{session}/runs", """{"kind":"index"}""");
        Assert.That((published, started), Is.EqualTo((HttpStatusCode.NotFound, HttpStatusCode.NotFound)));
    }

    [Test]
    public async Task Viewers_are_told_when_the_host_with_the_session_is_away_and_stay()
    {
        await using var first = await TestHost.StartAsync();
        await using var second = await RelayAsync(first);
        var session = await first.CreateSessionAsync();
        using var stream = await second.OpenAsync(TestHost.EventsOf(session));
        await stream.ReadUntilAsync("session.created");
        await first.StopAsync();

        var told = (await stream.ReadUntilAsync("stream.upstream"))[^1];
        Assert.That(told.Payload.GetProperty("status").GetString(), Is.EqualTo("reconnecting"));
        Assert.That(told.Id, Is.Null);
    }

    [Test]
    public async Task A_host_that_comes_back_without_the_session_ends_it_for_its_viewers()
    {
        var first = await TestHost.StartAsync();
        await using var second = await RelayAsync(first);
        var session = await first.CreateSessionAsync();
        using var stream = await second.OpenAsync(TestHost.EventsOf(session));
        await stream.ReadUntilAsync("session.created");
        var address = first.Client.BaseAddress!.ToString();
        await first.DisposeAsync();
        await stream.ReadUntilAsync("stream.upstream");
        await using var again = await TestHost.StartAsync("--urls", address);

        var end = (await stream.ReadUntilAsync("stream.end"))[^1];
        Assert.That(end.Payload.GetProperty("reason").GetString(), Is.EqualTo("topicClosed"));
    }

    [Test]
    public async Task Hosts_that_relay_from_each_other_find_that_out()
    {
        var address = FreeAddress();
        await using var one = await TestHost.StartAsync("--relay-from", address);
        await using var other = await TestHost.StartAsync("--urls", address, "--relay-from", one.Client.BaseAddress!.ToString());
        using var stream = await one.OpenAsync(TestHost.EventsOf("session-1"));
        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.LoopDetected));
    }

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }

    private static Task<TestHost> RelayAsync(TestHost from) => TestHost.StartAsync("--relay-from", from.Client.BaseAddress!.ToString());
}
