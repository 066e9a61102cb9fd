using System.Net;
using AgentHost.Tests.Support;
using EventStreaming.AspNetCore.Tests.Support;
using Indexing.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Jobs;

/// <summary>What holds for every kind of run.</summary>
internal sealed class AllKindsTests
{
    private const string Orchestrator = """{"kind":"orchestrator","query":"words"}""";
    private const string Generation = """{"kind":"generation","prompt":"add pages"}""";
    private const string Assistant = """{"kind":"assistant","question":"words"}""";
    private const string Alerts = """{"kind":"alerts","file":"alert.json"}""";

    [TestCase(Orchestrator)]
    [TestCase(Generation)]
    [TestCase(Assistant)]
    [TestCase(Alerts)]
    public async Task A_model_without_capacity_is_asked_again_after_the_time_it_asks_for(string request)
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));

        var runId = await host.StartAsync(session, request.Replace("}", ""","provoke":"capacity"}""", StringComparison.Ordinal));

        var frames = await stream.ReadUntilAsync(frame => frame.IsEndOf(runId));
        var retry = frames.First(frame => frame.Event is "status" && Message(frame).Contains("ttempt 2", StringComparison.Ordinal));
        Assert.That(Message(retry), Does.Contain("429").Or.Contain("capacity").Or.Contain("1 s"));
        Assert.That(frames[^1].Payload.GetProperty("outcome").GetString(), Is.EqualTo("success"));
        Assert.That(frames.Count(frame => frame.Event is "run.start" && string.Equals(frame.RunId(), runId, StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(frames.Count(frame => frame.Event is "step.start"), Is.EqualTo(frames.Count(frame => frame.Event is "step.complete")));
    }

    [TestCase(Orchestrator, "tool_call.start")]
    [TestCase(Generation, "tool_call.start")]
    [TestCase(Assistant, "knowledge.retrieval_start")]
    public async Task A_run_at_work_is_cancelled_by_its_id_and_ends_what_it_started(string request, string begun)
    {
        await using var host = await StartAsync();
        host.Root.WriteHuge(500);
        for (var i = 0; i < 2_000; i++)
        {
            host.Root.Link($"{i}.md", "text.txt");
        }

        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var runId = await host.StartAsync(session, request);
        await stream.ReadUntilAsync(begun);

        Assert.That((await host.DeleteAsync($"/api/sessions/{session}/runs/{runId}")).Status, Is.EqualTo(HttpStatusCode.NoContent));

        var rest = await stream.ReadUntilAsync(frame => frame.IsEndOf(runId));
        Assert.That(rest[^1].Payload.GetProperty("outcome").GetString(), Is.EqualTo("cancelled"));
        Assert.That(rest.Select(frame => frame.Event), Does.Contain(begun.Replace("retrieval_start", "retrieved", StringComparison.Ordinal).Replace("call.start", "call.complete", StringComparison.Ordinal)));
        Assert.That(await StatesAsync(host), Is.EqualTo(["cancelled"]));
    }

    [TestCase(Orchestrator)]
    [TestCase(Generation)]
    [TestCase(Assistant)]
    [TestCase(Alerts)]
    public async Task A_viewer_that_is_cut_off_anywhere_gets_the_rest_when_it_comes_back(string request)
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        using var whole = await host.OpenAsync(TestHost.EventsOf(session));
        var runId = await host.StartAsync(session, request);
        var all = (await whole.ReadUntilAsync(frame => frame.IsEndOf(runId))).Where(frame => frame.Event is not "stream.open").ToArray();

        foreach (var cut in new[] { 0, all.Length / 3, all.Length / 2, all.Length - 2 })
        {
            using var resumed = await host.OpenAsync(TestHost.EventsOf(session), all[cut].Id);
            var rest = await resumed.ReadUntilAsync(frame => frame.IsEndOf(runId));
            Assert.That(Ids(rest), Is.EqualTo(Ids(all.Skip(cut + 1))));
        }
    }

    [TestCase(Orchestrator)]
    [TestCase(Generation)]
    [TestCase(Assistant)]
    [TestCase(Alerts)]
    public async Task A_viewer_that_goes_away_cancels_nothing(string request)
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        string runId;
        using (var stream = await host.OpenAsync(TestHost.EventsOf(session)))
        {
            runId = await host.StartAsync(session, request);
            await stream.ReadUntilAsync("run.start");
        }

        using var again = await host.OpenAsync(TestHost.EventsOf(session));
        var end = (await again.ReadUntilAsync(frame => frame.IsEndOf(runId)))[^1];
        Assert.That(end.Payload.GetProperty("outcome").GetString(), Is.EqualTo("success"));
    }

    [Test]
    public async Task A_session_shows_its_title_and_how_each_run_of_which_kind_stands()
    {
        await using var host = await StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var done = await host.StartAsync(session, Orchestrator);
        await stream.ReadUntilAsync(frame => frame.IsEndOf(done));
        await host.StartAsync(session, """{"kind":"orchestrator"}""");
        await stream.ReadUntilAsync("input.requested");

        var (_, json) = await host.SendAsync(HttpMethod.Get, "/api/sessions");

        Assert.That(json[0].GetProperty("title").GetString(), Is.EqualTo("words"));
        Assert.That(
            json[0].GetProperty("runs").EnumerateArray().Select(run => (run.GetProperty("kind").GetString(), run.GetProperty("state").GetString())),
            Is.EqualTo([("orchestrator", "success"), ("orchestrator", "paused")]));
    }

    private static string Message(SseFrame frame) => frame.Payload.GetProperty("message").GetString()!;

    private static IEnumerable<string?> Ids(IEnumerable<SseFrame> frames) => frames.Where(frame => frame.Event is not "stream.open").Select(frame => frame.Id);

    private static async Task<string?[]> StatesAsync(TestHost host)
    {
        var (_, json) = await host.SendAsync(HttpMethod.Get, "/api/sessions");
        return [.. json[0].GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("state").GetString())];
    }

    private static async Task<TestHost> StartAsync()
    {
        var host = await TestHost.StartAsync();
        host.Root
            .Write("docs/guide.md", "# Guide\ntwo words\n")
            .Write("notes.txt", "words\n")
            .Write("alert.json", """{"alert_id":"A-1","trades":"trades.csv","type":"wash_trade"}""")
            .Write("trades.csv", "time,trader,owner,account,symbol,side,quantity,price\n2026-02-02T10:00:00Z,T1,Ann,A-1,ACME,buy,100,10\n2026-02-02T10:05:00Z,T1,Ann,A-2,ACME,sell,100,10\n");
        return host;
    }
}
