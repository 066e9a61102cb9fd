using AgentHost.Tests.Jobs;
using AgentHost.Tests.Support;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Faults.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Relay;

/// <summary>Alerts through four layers, each a host: viewer, front, orchestrator, specialised agents.</summary>
internal sealed class AgentChainTests
{
    private const string Wash = """{"alert_id":"A-1","trades":"trades.csv","type":"wash_trade","symbol":"ACME","window_minutes":30}""";
    private const string Insider = """{"alert_id":"A-2","trades":"trades.csv","symbol":"ACME","announcement":"2026-02-10T21:00:00Z"}""";

    [TestCase(Wash, "wash_trade_agent", "Ann: 100 ACME, lines 2 (A-1) and 3 (A-2), 5 minutes apart")]
    [TestCase(Insider, "insider_trading_agent", "T3: 5000 in line 6, usually 500")]
    public async Task A_viewer_of_the_front_sees_every_layer_in_order_and_resumes_in_the_middle(string alert, string agent, string evidence)
    {
        await using var insider = await TestHost.StartAsync("--kinds", "insider_trading");
        await using var wash = await TestHost.StartAsync("--kinds", "wash_trade");
        await using var orchestrator = await OrchestratorAsync(alert, AddressOf(insider), AddressOf(wash));
        await using var front = await TestHost.StartAsync("--relay-from", AddressOf(orchestrator));
        var session = await orchestrator.CreateSessionAsync();
        using var browser = await front.OpenAsync(TestHost.EventsOf(session, "?workers=all"));
        var (runId, workerId) = await orchestrator.StartAlertAsync(session);

        var seen = await browser.ReadUntilAsync(frame => frame.IsEndOf(runId));

        var result = seen[^1].Payload.GetProperty("result");
        Assert.That(result.GetProperty("agent").GetString(), Is.EqualTo(agent));
        Assert.That(result.GetProperty("finding").GetProperty("evidence")[0].GetString(), Is.EqualTo(evidence));
        var worker = seen.Where(frame => string.Equals(frame.Source(), $"worker:{workerId}", StringComparison.Ordinal)).ToList();
        Assert.That(
            worker.Select(frame => frame.Event).Where(type => type is not ("progress" or "loop.iteration")),
            Is.EqualTo(
            [
                "run.start",
                "step.start", "tool_call.start", "tool_call.complete", "step.complete",
                "step.start", "tool_call.start", "loop.started", "loop.completed", "tool_call.complete", "step.complete",
                "step.start", "status", "step.complete",
                "run.complete",
            ]));
        Assert.That(worker.Count(frame => frame.Event is "loop.iteration"), Is.EqualTo(3));
        Assert.That(worker[0].Payload.GetProperty("parent_run_id").GetString(), Is.EqualTo(runId));
        Assert.That(worker.Select(frame => frame.RunId()).Distinct(StringComparer.Ordinal).ToList(), Has.Count.EqualTo(1));
        var own = seen.Where(frame => string.Equals(frame.RunId(), runId, StringComparison.Ordinal)).Select(frame => frame.Event).ToList();
        Assert.That(own.IndexOf("run.start"), Is.Zero);
        Assert.That(seen.Select(frame => frame.Json.GetProperty("seq").GetInt64()), Is.Ordered);

        var middle = seen.ToList().IndexOf(worker[worker.Count / 2]);
        using var resumed = await front.OpenAsync(TestHost.EventsOf(session, "?workers=all"), seen[middle].Id);
        var rest = await resumed.ReadUntilAsync(frame => frame.IsEndOf(runId));
        Assert.That(Ids(rest), Is.EqualTo(Ids(seen.Skip(middle + 1))));
    }

    [Test]
    public async Task An_agent_that_is_killed_in_the_middle_is_one_error_of_each_run_at_once_and_everything_is_closed()
    {
        using var agent = HostProcess.Start("--urls", "http://127.0.0.1:0", "--kinds", "wash_trade");
        await using var proxy = FaultProxy.Start(await agent.WaitForAddressAsync(), HoldInTheMiddle);
        await using var orchestrator = await OrchestratorAsync(Wash, proxy.Address.ToString());
        await using var front = await TestHost.StartAsync("--relay-from", AddressOf(orchestrator));
        var session = await orchestrator.CreateSessionAsync();
        using var browser = await front.OpenAsync(TestHost.EventsOf(session, "?workers=all"));
        var (runId, workerId) = await orchestrator.StartAlertAsync(session);
        var before = await browser.ReadUntilAsync(frame => frame.Event is "step.start" && IsOf(frame, workerId));

        agent.Kill();
        await proxy.DisposeAsync();

        var rest = await browser.ReadUntilAsync(frame => IsFailureOf(frame, runId));
        AssertFailed([.. before, .. rest], "stream_broken", "The agent's stream broke");
    }

    [Test]
    public async Task An_agent_that_says_nothing_any_more_is_an_error_when_its_time_is_up()
    {
        await using var agent = await TestHost.StartAsync("--kinds", "wash_trade");
        await using var proxy = FaultProxy.Start(agent.Client.BaseAddress!, HoldInTheMiddle);
        await using var orchestrator = await OrchestratorAsync(Wash, proxy.Address.ToString(), silence: "4");
        var seen = await FailAsync(orchestrator);
        AssertFailed(seen, "stream_stalled", "The agent's stream broke");
    }

    [Test]
    public async Task An_agent_that_refuses_is_an_error_with_its_words()
    {
        await using var agent = await TestHost.StartAsync("--kinds", "wash_trade", "--AgentHost:MaxSessions", "1");
        await agent.CreateSessionAsync();
        await using var orchestrator = await OrchestratorAsync(Wash, AddressOf(agent));
        AssertFailed(await FailAsync(orchestrator), "agent_refused", "answered 503: The host has as many sessions as it takes, which is 1 at most");
    }

    [Test]
    public async Task What_an_agent_finds_wrong_is_the_runs_error_in_its_words()
    {
        await using var agent = await TestHost.StartAsync("--kinds", "insider_trading");
        await using var orchestrator = await OrchestratorAsync("""{"alert_id":"A","trades":"trades.csv","type":"insider_trading"}""", AddressOf(agent));
        AssertFailed(await FailAsync(orchestrator), "alert_incomplete", "The alert has no 'announcement'");
    }

    [Test]
    public async Task An_alert_for_which_there_is_no_agent_is_an_error_that_says_what_each_said()
    {
        await using var agent = await TestHost.StartAsync("--kinds", "insider_trading");
        await using var gone = await TestHost.StartAsync();
        var address = AddressOf(gone);
        await gone.StopAsync();
        await using var orchestrator = await OrchestratorAsync(Wash, AddressOf(agent), address);
        AssertFailed(await FailAsync(orchestrator), "no_agent", $"{AddressOf(agent)} has no such skill; {address} cannot be asked.");
    }

    [Test]
    public async Task Trades_that_are_too_many_for_a_message_are_not_sent()
    {
        await using var agent = await TestHost.StartAsync("--kinds", "wash_trade");
        await using var orchestrator = await OrchestratorAsync(Wash, AddressOf(agent));
        orchestrator.Root.Write("alerts/trades.csv", new string('x', 300_000));
        AssertFailed(await FailAsync(orchestrator), "alert_too_large", "an agent takes 262144");
    }

    /// <summary>Far enough that the agent's run has begun, not so far that it has ended.</summary>
    private static void HoldInTheMiddle(FaultConnection connection) => connection.ToClient.Allow(4_000);

    private static async Task<IReadOnlyList<SseFrame>> FailAsync(TestHost orchestrator)
    {
        var session = await orchestrator.CreateSessionAsync();
        using var browser = await orchestrator.OpenAsync(TestHost.EventsOf(session, "?workers=all"));
        var (runId, _) = await orchestrator.StartAlertAsync(session);
        return await browser.ReadUntilAsync(frame => IsFailureOf(frame, runId));
    }

    private static void AssertFailed(IReadOnlyList<SseFrame> seen, string code, string message)
    {
        Assert.That(seen[^1].Payload.GetProperty("code").GetString(), Is.EqualTo(code));
        Assert.That(seen[^1].Payload.GetProperty("message").GetString(), Does.Contain(message));
        foreach (var run in seen.Where(frame => frame.Event is "run.start").Select(frame => frame.RunId()!))
        {
            var own = seen.Where(frame => string.Equals(frame.RunId(), run, StringComparison.Ordinal)).ToList();
            Assert.That(own.Count(frame => IsFailureOf(frame, run)), Is.EqualTo(1));
            Assert.That(IsFailureOf(own[^1], run), Is.True, "nothing is behind the error");
            foreach (var part in (string[])["tool_call", "step"])
            {
                Assert.That(own.Count(frame => IsType(frame, part + ".start")), Is.EqualTo(own.Count(frame => IsType(frame, part + ".complete"))), part);
            }
        }
    }

    private static bool IsFailureOf(SseFrame frame, string runId) =>
        frame.Event is "error" && string.Equals(frame.RunId(), runId, StringComparison.Ordinal)
            && !(frame.Payload.TryGetProperty("recoverable", out var recoverable) && recoverable.GetBoolean());

    private static bool IsType(SseFrame frame, string type) => string.Equals(frame.Event, type, StringComparison.Ordinal);

    private static bool IsOf(SseFrame frame, string workerId) => string.Equals(frame.Source(), $"worker:{workerId}", StringComparison.Ordinal);

    private static IEnumerable<string?> Ids(IEnumerable<SseFrame> frames) => frames.Where(frame => frame.Event is not "stream.open").Select(frame => frame.Id);

    private static string AddressOf(TestHost host) => host.Client.BaseAddress!.ToString();

    private static Task<TestHost> OrchestratorAsync(string alert, string agent, string? other = null, string silence = "60") =>
        OrchestratorAsync(alert, ["--agents", other is null ? agent : $"{agent},{other}", "--AgentHost:AgentSilenceSeconds", silence]);

    private static async Task<TestHost> OrchestratorAsync(string alert, string[] args)
    {
        var host = await TestHost.StartAsync(args);
        host.WriteAlert(alert);
        return host;
    }
}
