using System.Net;
using System.Text.Json;
using AgentHost.Tests.Support;
using EventStreaming.AspNetCore.Tests.Support;
using Indexing.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Jobs;

/// <summary>The alerts end to end: browser, front host, orchestrator, agent, each layer's events seen at the one before it.</summary>
internal sealed class AlertsTests
{
    private const string Trades = AlertRuns.Trades;

    [Test]
    public async Task A_wash_trade_is_routed_to_its_agent_and_found_in_the_trades()
    {
        await using var host = await StartAsync("""{"alert_id":"A-1","trades":"trades.csv","type":"wash_trade","symbol":"ACME","window_minutes":30}""");
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));

        var (runId, workerId) = await host.StartAlertAsync(session);

        var frames = await stream.ReadUntilAsync(frame => frame.IsEndOf(runId));
        Assert.That(
            OrchestratorTests.Told(frames).Where(type => type is not "session.created"),
            Is.EqualTo(
            [
                "run.start",
                "step.start", "tool_call.start", "tool_call.complete", "step.complete", // reads the alert
                "step.start", "status", "step.complete",                                // determines its type
                "step.start", "tool_call.start",                                        // asks the agent
                "subagent.report", "run.complete",                                      // of what the agent says, what is for everyone
                "tool_call.complete", "step.complete",
                "step.start", "message.start", "message.delta", "message.complete", "step.complete",
                "run.complete",
            ]));
        var finding = frames[^1].Payload.GetProperty("result").GetProperty("finding");
        Assert.That(frames[^1].Payload.GetProperty("result").GetProperty("agent").GetString(), Is.EqualTo("wash_trade_agent"));
        Assert.That(finding.GetProperty("evidence").EnumerateArray().Select(line => line.GetString()), Is.EqualTo(["Ann: 100 ACME, lines 2 (A-1) and 3 (A-2), 5 minutes apart"]), "Bob's are too far apart");
        Assert.That(finding.GetProperty("verdict").GetString(), Is.EqualTo("review"));

        using var worker = await host.OpenAsync(TestHost.WorkerEventsOf(session, workerId));
        var nodes = await worker.ReadUntilAsync("run.complete");
        Assert.That(
            nodes.Where(frame => frame.Event is not ("stream.open" or "progress")).Select(frame => frame.Event),
            Is.EqualTo(
            [
                "run.start",
                "step.start", "tool_call.start", "tool_call.complete", "step.complete",
                "step.start", "tool_call.start", "loop.started", "loop.iteration", "loop.iteration", "loop.iteration", "loop.completed", "tool_call.complete", "step.complete",
                "step.start", "subagent.report", "step.complete",
                "run.complete",
            ]));
        Assert.That(nodes.First(frame => frame.Event is "run.start").Payload.GetProperty("parent_run_id").GetString(), Is.EqualTo(runId));
    }

    [Test]
    public async Task Insider_trading_is_told_by_what_the_alert_has_and_compared_with_what_is_usual()
    {
        await using var host = await StartAsync("""{"alert_id":"A-2","trades":"trades.csv","symbol":"ACME","announcement":"2026-02-10T21:00:00Z"}""");
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var (runId, _) = await host.StartAlertAsync(session);

        var result = (await stream.ReadUntilAsync(frame => frame.IsEndOf(runId)))[^1].Payload.GetProperty("result");

        Assert.That((result.GetProperty("type").GetString(), result.GetProperty("agent").GetString()), Is.EqualTo(("insider_trading", "insider_trading_agent")));
        Assert.That(result.GetProperty("finding").GetProperty("verdict").GetString(), Is.EqualTo("escalate"));
        Assert.That(result.GetProperty("finding").GetProperty("evidence")[0].GetString(), Is.EqualTo("T3: 5000 in line 6, usually 500"));
    }

    [Test]
    public async Task An_alert_that_does_not_say_what_it_is_is_asked_about()
    {
        await using var host = await StartAsync("""{"alert_id":"A-3","trades":"trades.csv"}""");
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var (runId, _) = await host.StartAlertAsync(session);
        var asked = (await stream.ReadUntilAsync("input.requested"))[^1].Payload;
        Assert.That(asked.GetProperty("schema").GetProperty("enum").EnumerateArray().Select(type => type.GetString()), Is.EqualTo(["insider_trading", "wash_trade"]));

        await host.AnswerAsync(session, asked.GetProperty("id").GetString()!, "\"fraud\"");
        var again = (await stream.ReadUntilAsync("input.requested"))[^1].Payload;
        await host.AnswerAsync(session, again.GetProperty("id").GetString()!, "\"wash_trade\"");

        Assert.That((await stream.ReadUntilAsync(frame => frame.IsEndOf(runId)))[^1].Payload.GetProperty("result").GetProperty("type").GetString(), Is.EqualTo("wash_trade"));
    }

    [TestCase("""{"alert_id":"A","trades":"gone.csv","type":"wash_trade"}""", "trades_unreadable", "There is no file 'gone.csv'")]
    [TestCase("""{"alert_id":"A","trades":"alert.json","type":"wash_trade"}""", "trades_unreadable", "has no column 'time'")]
    [TestCase("""{"alert_id":"A","trades":"broken.csv","type":"wash_trade"}""", "trades_unreadable", "Line 3 of 'broken.csv' is no trade")]
    [TestCase("""{"alert_id":"A","trades":"trades.csv","type":"insider_trading"}""", "alert_incomplete", "no 'announcement'")]
    [TestCase("""{"alert_id":"A"}""", "alert_incomplete", "the name of its 'trades'")]
    [TestCase("not json", "alert_unreadable", "invalid")]
    [TestCase("""{"alert_id":"A","trades":"../../secret.csv","type":"wash_trade"}""", "trades_unreadable", "There is no file")]
    public async Task A_failure_in_any_layer_is_the_runs_at_once(string alert, string code, string message)
    {
        await using var host = await StartAsync(alert);
        host.Root.Write("alerts/broken.csv", Trades[..Trades.IndexOf("2026-02-02T10:05", StringComparison.Ordinal)] + "2026,buy\n");
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var (runId, _) = await host.StartAlertAsync(session);

        var frames = await stream.ReadUntilAsync(frame => frame.Event is "error" && string.Equals(frame.RunId(), runId, StringComparison.Ordinal));

        Assert.That(frames[^1].Payload.GetProperty("code").GetString(), Is.EqualTo(code));
        Assert.That(frames[^1].Payload.GetProperty("message").GetString(), Does.Contain(message));
        Assert.That(frames.Count(frame => frame.Event is "tool_call.start"), Is.EqualTo(frames.Count(frame => frame.Event is "tool_call.complete")));
        Assert.That(frames.Count(frame => frame.Event is "step.start"), Is.EqualTo(frames.Count(frame => frame.Event is "step.complete")));
    }

    [Test]
    public async Task Every_layer_is_seen_through_a_front_host_and_resumed_there()
    {
        await using var host = await StartAsync("""{"alert_id":"A-1","trades":"trades.csv","type":"wash_trade"}""");
        await using var front = await TestHost.StartAsync("--relay-from", host.Client.BaseAddress!.ToString());
        var session = await host.CreateSessionAsync();
        using var browser = await front.OpenAsync(TestHost.EventsOf(session));
        var (runId, workerId) = await host.StartAlertAsync(session);
        var seen = await browser.ReadUntilAsync(frame => frame.IsEndOf(runId));

        using var agent = await front.OpenAsync(TestHost.WorkerEventsOf(session, workerId));
        var nodes = await agent.ReadUntilAsync("run.complete");
        Assert.That(nodes.Select(frame => frame.Event), Does.Contain("loop.iteration").And.Contain("tool_call.complete"));

        var middle = seen[seen.Count / 2];
        using var resumed = await front.OpenAsync(TestHost.EventsOf(session, $"?last_event_id={middle.Id}"));
        var rest = await resumed.ReadUntilAsync(frame => frame.IsEndOf(runId));
        Assert.That(Ids(rest), Is.EqualTo(Ids(seen.Skip((seen.Count / 2) + 1))));
    }

    [TestCase("wash_trade", "A-1001")]
    [TestCase("insider_trading", "A-1002")]
    public async Task The_alerts_that_come_with_the_samples_are_found_to_be_right(string type, string alertId)
    {
        await using var host = await TestHost.StartAsync("--root", Path.Combine(HostProcess.ProjectDirectory, "..", ".."));
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        var runId = await host.StartAsync(session, $$"""{"kind":"alerts","file":"samples/alerts/{{type}}.json"}""");

        var result = (await stream.ReadUntilAsync(frame => frame.IsEndOf(runId)))[^1].Payload.GetProperty("result");
        Assert.That((result.GetProperty("alert_id").GetString(), result.GetProperty("type").GetString()), Is.EqualTo((alertId, type)));
        Assert.That(result.GetProperty("finding").GetProperty("evidence").GetArrayLength(), Is.GreaterThan(0));
    }

    [TestCase("""{"kind":"alerts"}""", HttpStatusCode.BadRequest, "'file' is missing")]
    [TestCase("""{"kind":"alerts","file":"../alert.json"}""", HttpStatusCode.Forbidden, "outside")]
    [TestCase("""{"kind":"alerts","file":"gone/alert.json"}""", HttpStatusCode.BadRequest, "no such directory")]
    public async Task A_request_that_cannot_be_served_is_told_why(string request, HttpStatusCode expected, string why)
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();
        var (status, problem) = await host.PostAsync($"/api/sessions/{session}/runs", request);
        Assert.That(status, Is.EqualTo(expected));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain(why));
    }

    private static IEnumerable<string?> Ids(IEnumerable<SseFrame> frames) => frames.Where(frame => frame.Event is not "stream.open").Select(frame => frame.Id);

    private static async Task<TestHost> StartAsync(string alert)
    {
        var host = await TestHost.StartAsync();
        host.WriteAlert(alert);
        return host;
    }
}
