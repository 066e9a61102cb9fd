using System.Net;
using NUnit.Framework;

namespace AgentHost.Tests.Protocols;

/// <summary>Two requests at once to a thread that neither has been in before.</summary>
internal sealed class SharedThreadTests
{
    private const int Repeats = 200;

    private DoorClient _door = null!; // SetUp makes one for each test.

    [SetUp]
    public async Task StartAsync() => _door = await DoorClient.StartAsync("--AgentHost:MaxRuns", "100", "--AgentHost:MaxSessions", "1000");

    [TearDown]
    public async Task StopAsync() => await _door.DisposeAsync();

    [Test]
    public async Task Who_is_refused_takes_no_run_of_another_along()
    {
        for (var i = 0; i < Repeats; i++)
        {
            var refused = _door.AskTextAsync(HttpMethod.Post, "/agui", Input(i, "u2", ""","forwardedProps":{"kind":"none"}"""));
            var served = _door.ReadAsync("/agui", Input(i, "u1"));

            Assert.That((await refused).Status, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That((await served)[^1].GetProperty("outcome").GetProperty("type").GetString(), Is.EqualTo("success"), "Its run was no affair of the other.");
        }
    }

    [Test]
    public async Task When_the_bus_has_no_room_for_a_topic_no_session_is_left_without_one()
    {
        await using var small = await DoorClient.StartAsync("--EventStreaming:Topics:MaxCount", "1");
        await small.ReadAsync("/agui", Input(0, "u1").Replace("history", "what is this?", StringComparison.Ordinal));

        using var refused = await small.SendAsync(HttpMethod.Post, "/agui", Input(1, "u1"));
        var (status, _) = await small.Host.SendAsync(HttpMethod.Post, "/api/sessions");

        Assert.That((refused.StatusCode, status), Is.EqualTo((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable)), "The run that waits reads the only topic there may be.");
        Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
        Assert.That((await small.SessionsAsync()).GetArrayLength(), Is.EqualTo(1));
    }

    private static string Input(int thread, string message, string more = "") =>
        $$"""{"threadId":"t-{{thread}}","runId":"r","messages":[{"id":"{{message}}","role":"user","content":"history"}]{{more}}}""";
}
