using System.Text.Json;
using AgentHost.Tests.Jobs;
using AgentHost.Tests.Support;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Relay;

/// <summary>A run that is cancelled on one host, whose agent is at work on another.</summary>
internal sealed class AgentCancellationTests
{
    private const string Wash = """{"alert_id":"A-1","trades":"trades.csv","type":"wash_trade","symbol":"ACME","window_minutes":30}""";

    [Test]
    public async Task An_agent_on_another_host_is_cancelled_there_with_the_run_that_asked_it()
    {
        HeldKind held = null!;
        await using var agent = await TestHost.StartAsync(services => held = HeldKind.Replace(services, "wash_trade"), "--kinds", "wash_trade");
        await using var orchestrator = await TestHost.StartAsync("--agents", agent.Client.BaseAddress!.ToString());
        orchestrator.WriteAlert(Wash);
        var session = await orchestrator.CreateSessionAsync();
        using var browser = await orchestrator.OpenAsync(TestHost.EventsOf(session, "?workers=all"));
        var (runId, workerId) = await orchestrator.StartAlertAsync(session);
        _ = await browser.ReadUntilAsync(frame => frame.Event is "status" && string.Equals(frame.Payload.GetProperty("message").GetString(), HeldKind.Word, StringComparison.Ordinal));

        await orchestrator.DeleteAsync($"/api/sessions/{session}/runs/{runId}");

        var there = await held.Cancelled.WithinSafetyAsync();
        var rest = await browser.ReadUntilAsync(frame => frame.IsEndOf(runId));
        Assert.That(OutcomesIn(rest), Is.EqualTo([$"worker:{workerId} cancelled", "alerts cancelled"]));
        Assert.That(await StateOfAsync(agent, there), Is.EqualTo("TASK_STATE_CANCELED"));
    }

    private static IEnumerable<string> OutcomesIn(IEnumerable<SseFrame> frames) =>
        frames.Where(frame => frame.Event is "run.complete").Select(frame => $"{frame.Source()} {frame.Payload.GetProperty("outcome").GetString()}");

    private static async Task<string?> StateOfAsync(TestHost host, string task)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/a2a/tasks/{task}");
        request.Headers.Add("A2A-Version", "1.0");
        using var response = await host.Client.SendAsync(request).WithinSafetyAsync();
        return JsonElement.Parse(await response.Content.ReadAsByteArrayAsync()).GetProperty("status").GetProperty("state").GetString();
    }
}
