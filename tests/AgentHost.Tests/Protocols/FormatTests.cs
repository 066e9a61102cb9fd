using System.Net;
using AgentHost.Tests.Support;
using EventStreaming.AspNetCore.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Protocols;

/// <summary><c>?format=</c>, <c>?run=</c> and <c>?from=snapshot</c> of a session's stream.</summary>
internal sealed class FormatTests
{
    private DoorClient _door = null!; // SetUp makes one for each test.

    [SetUp]
    public async Task StartAsync() => _door = await DoorClient.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _door.DisposeAsync();

    [TestCase("ag-ui", "RUN_FINISHED")]
    [TestCase("a2a", "TASK_STATE_INPUT_REQUIRED")]
    [TestCase("ai-sdk", "\"finish\"")]
    public async Task A_run_is_shown_in_the_protocol_that_is_asked_for_to_its_end_or_question(string format, string end)
    {
        var session = await _door.Host.CreateSessionAsync();
        var other = await _door.Host.StartAsync(session, """{"kind":"orchestrator"}""");
        var run = await _door.Host.StartAsync(session, """{"kind":"orchestrator"}""");
        var input = await AskedAsync(session, run);
        using var stream = await _door.Host.OpenAsync(TestHost.EventsOf(session, $"?format={format}&run={run}"));
        await _door.Host.AnswerAsync(session, input, "\"history\"");

        var frames = string.Join('\n', (await stream.ReadToEndAsync()).Select(static frame => frame.Data));

        Assert.That(frames, Does.Contain(run).And.Contain(end));
        Assert.That(frames, Does.Not.Contain(other), "It is that run's alone.");
    }

    [Test]
    public async Task Cloud_events_and_a_snapshot_can_be_asked_for()
    {
        var session = await _door.Host.CreateSessionAsync();
        var run = await _door.Host.StartAsync(session, """{"kind":"orchestrator"}""");
        var input = await AskedAsync(session, run);
        using var events = await _door.Host.OpenAsync(TestHost.EventsOf(session, "?format=cloudevents&from=start"));
        Assert.That((await events.NextEventAsync()).Json.GetProperty("specversion").GetString(), Is.EqualTo("1.0"));

        // What is told of a session follows what is published, a moment later.
        SseFrame snapshot;
        do
        {
            using var late = await _door.Host.OpenAsync(TestHost.EventsOf(session, "?from=snapshot"));
            await late.NextEventAsync();
            snapshot = await late.NextEventAsync();
        }
        while (snapshot.Event is not "session.snapshot" || snapshot.Payload.GetProperty("inputs").GetArrayLength() == 0);

        Assert.That(snapshot.Payload.GetProperty("inputs")[0].GetProperty("request").GetProperty("id").GetString(), Is.EqualTo(input));
    }

    [Test]
    public async Task A_format_that_there_is_not_is_refused()
    {
        var session = await _door.Host.CreateSessionAsync();
        var (status, _) = await _door.Host.SendAsync(HttpMethod.Get, TestHost.EventsOf(session, "?format=none"));

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    private async Task<string> AskedAsync(string session, string run)
    {
        using var stream = await _door.Host.OpenAsync(TestHost.EventsOf(session, $"?run={run}&from=start"));
        return (await stream.ReadUntilAsync("input.requested"))[^1].Payload.GetProperty("id").GetString()!;
    }
}
