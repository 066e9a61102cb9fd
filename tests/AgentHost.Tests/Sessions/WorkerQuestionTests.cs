using System.Net;
using System.Text.Json;
using AgentHost.Tests.Protocols;
using AgentHost.Tests.Support;
using EventStreaming.Agents;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace AgentHost.Tests.Sessions;

/// <summary>A worker of a run asks, and who watches the session answers.</summary>
internal sealed class WorkerQuestionTests
{
    private DoorClient _door = null!; // SetUp makes one for each test.
    private string _session = null!; // SetUp makes one for each test.

    [SetUp]
    public async Task StartAsync()
    {
        _door = await DoorClient.StartAsync();
        _session = await _door.Host.CreateSessionAsync();
    }

    [TearDown]
    public async Task StopAsync() => await _door.DisposeAsync();

    [Test]
    public async Task By_its_own_route()
    {
        var run = Start();
        using var stream = await _door.Host.OpenAsync(TestHost.EventsOf(_session, "?from=start"));
        var asked = (await stream.ReadUntilAsync("input.requested"))[^1];
        Assert.That(asked.Source(), Is.EqualTo("worker:1"));
        Assert.That(asked.RunId(), Is.Not.EqualTo(run));

        var status = await _door.Host.AnswerAsync(_session, asked.Payload.GetProperty("id").GetString()!, "true");

        Assert.That(status, Is.EqualTo(HttpStatusCode.Accepted));
        var rest = await stream.ReadUntilAsync(frame => frame.IsEndOf(run));
        Assert.That(rest.Single(static frame => frame.Event is "input.received").Source(), Is.EqualTo("worker:1"), "It is the asker's.");
        Assert.That(rest[^1].Payload.GetProperty("result").GetBoolean(), Is.True);
    }

    [Test]
    public async Task By_the_door_of_AG_UI()
    {
        var run = Start();
        var asked = await _door.ReadAsync("/agui/connect", $$"""{"threadId":"{{_session}}"}""");
        var interrupt = asked[^1].GetProperty("outcome").GetProperty("interrupts")[0].GetProperty("id").GetString();

        var answered = await _door.ReadAsync("/agui", $$"""{"threadId":"{{_session}}","messages":[],"resume":[{"interruptId":"{{interrupt}}","status":"resolved","payload":true}]}""");

        Assert.That(answered[0].GetProperty("runId").GetString(), Is.EqualTo(run), "The run that is shown is the one whose worker asked.");
        Assert.That(answered[^1].GetProperty("result").GetBoolean(), Is.True);
    }

    [Test]
    public async Task By_a_message_to_the_task_in_A2A()
    {
        var run = Start();
        using var subscribed = await _door.OpenAsync($"/a2a/tasks/{run}:subscribe", "{}");
        await subscribed.ReadUntilAsync(static frame => frame.Data?.Contains("TASK_STATE_INPUT_REQUIRED", StringComparison.Ordinal) == true);

        var answered = await _door.ReadAsync("/a2a/message:stream", $$$"""{"message":{"messageId":"m","role":"ROLE_USER","taskId":"{{{run}}}","parts":[{"text":"yes"}]}}""");

        Assert.That(StateOf(answered[^1]), Is.EqualTo("TASK_STATE_COMPLETED"));
        Assert.That((await _door.Host.Services.GetRequiredService<AgentRuns>().WaitAsync(run).WithinSafetyAsync())!.State, Is.EqualTo(RunState.Succeeded));
    }

    private string Start() => _door.Host.Services.GetRequiredService<AgentRuns>().Start(_session, "scan", static async (run, cancellationToken) =>
    {
        await using var worker = run.StartWorker("1", "scan");
        var answer = await worker.RequestInputAsync("Go on?", JsonElement.Parse("""{"type":"boolean"}"""), cancellationToken: cancellationToken);
        worker.Complete();
        run.Complete(answer);
    }).RunId!;

    private static string? StateOf(JsonElement frame) =>
        (frame.TryGetProperty("statusUpdate", out var update) ? update : frame.GetProperty("task")).GetProperty("status").GetProperty("state").GetString();
}
