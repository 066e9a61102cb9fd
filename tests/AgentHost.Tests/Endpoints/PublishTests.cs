using System.Net;
using System.Text.Json;
using AgentHost.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Endpoints;

internal sealed class PublishTests
{
    [Test]
    public async Task One_event_is_published_as_it_was_sent()
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        await stream.ReadUntilAsync("session.created");

        var (status, json) = await host.PostAsync(TestHost.EventsOf(session), """{"type":"build.done","source":"ci","data":{"b":1,  "a":[1.50]}}""");

        Assert.That(status, Is.EqualTo(HttpStatusCode.Accepted));
        var frame = await stream.NextEventAsync();
        Assert.That(Cursors(json), Is.EqualTo([frame.Id]));
        Assert.That(frame, Has.Property("Event").EqualTo("build.done"));
        Assert.That(frame.Source(), Is.EqualTo("ci"));
        Assert.That(frame.Payload.GetRawText(), Is.EqualTo("""{"b":1,  "a":[1.50]}"""), "as raw JSON");
    }

    [Test]
    public async Task An_array_is_published_in_its_order()
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session));
        await stream.ReadUntilAsync("session.created");

        var (status, json) = await host.PostAsync(TestHost.EventsOf(session), """[{"type":"a"},{"type":"b","data":null},{"type":"a","data":3}]""");

        Assert.That(status, Is.EqualTo(HttpStatusCode.Accepted));
        var frames = await stream.NextEventsAsync(3);
        Assert.That(frames.Select(frame => frame.Event), Is.EqualTo(["a", "b", "a"]));
        Assert.That(Cursors(json), Is.EqualTo(frames.Select(frame => frame.Id)));
    }

    [Test]
    public async Task A_viewer_that_names_types_gets_no_others()
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();
        using var stream = await host.OpenAsync(TestHost.EventsOf(session, "?types=status,error&format=eventstreaming"));
        await stream.ReadUntilAsync("stream.open");

        await host.PostAsync(
            TestHost.EventsOf(session),
            """[{"type":"a"},{"type":"message.delta","data":{"id":"m","text":"t"}},{"type":"status","data":{"message":"here"}}]""");

        Assert.That((await stream.NextEventAsync()).Payload.GetProperty("message").GetString(), Is.EqualTo("here"));
    }

    [TestCase("?types=nonsense")]
    [TestCase("?format=nonsense")]
    public async Task A_viewer_that_asks_for_what_there_is_not_is_refused(string query)
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();
        var (status, _) = await host.SendAsync(HttpMethod.Get, TestHost.EventsOf(session, query));
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [TestCase("", "is not JSON")]
    [TestCase("{", "is not JSON")]
    [TestCase("[]", "0 events")]
    [TestCase("7", "Event 1")]
    [TestCase("null", "Event 1 is null")]
    [TestCase("""{"data":1}""", "no usable type")]
    [TestCase("""{"type":"stream.end"}""", "no usable type")]
    [TestCase("""{"type":"two words"}""", "no usable type")]
    [TestCase("""{"type":"a","typ":"b"}""", "Event 1 is not as it should be")]
    [TestCase("""[{"type":"a"},{"type":7}]""", "Event 2 is not as it should be")]
    [TestCase("""[{"type":"a"},{"type":"run.start","data":{"kind":7}}]""", "Event 2 has no data as 'run.start' has it")]
    [TestCase("""{"type":"input.requested","data":{"id":7,"prompt":"p"}}""", "Event 1 has no data as 'input.requested' has it")]
    [TestCase("""{"type":"input.requested","data":{"id":"","prompt":"p"}}""", "Event 1 has no data as 'input.requested' has it")]
    [TestCase("""{"type":"input.requested","data":{"prompt":"p"}}""", "Event 1 has no data as 'input.requested' has it")]
    [TestCase("""{"type":"input.received","data":{"id":["q"],"value":1}}""", "Event 1 has no data as 'input.received' has it")]
    [TestCase("""{"type":"error"}""", "Event 1 has no data as 'error' has it")]
    public async Task What_cannot_be_published_is_named_and_nothing_is(string body, string why)
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();

        var (status, problem) = await host.PostAsync(TestHost.EventsOf(session), body);

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain(why));
        Assert.That(await NextSequenceAsync(host, session), Is.EqualTo(2), "the session's own creation was the first");
    }

    [Test]
    public async Task A_source_that_is_too_long_is_refused()
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();
        var (status, problem) = await host.PostAsync(TestHost.EventsOf(session), $$"""{"type":"a","source":"{{new string('s', 257)}}"}""");
        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("256"));
    }

    [Test]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();
        var (status, problem) = await host.PostAsync(TestHost.EventsOf(session), $$"""{"type":"a","data":"{{new string('x', 256 * 1024)}}"}""");
        Assert.That(status, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain("262144 bytes"));
    }

    [Test]
    public async Task A_body_that_a_page_of_another_origin_could_send_unasked_is_refused()
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();
        var (status, _) = await host.SendAsync(HttpMethod.Post, TestHost.EventsOf(session), """{"type":"a"}""", "text/plain");
        Assert.That(status, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    private static async Task<long> NextSequenceAsync(TestHost host, string session)
    {
        var (_, json) = await host.PostAsync(TestHost.EventsOf(session), """{"type":"next"}""");
        return long.Parse(Cursors(json).Single().Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string[] Cursors(JsonElement json) => [.. json.GetProperty("cursors").EnumerateArray().Select(static cursor => cursor.GetString()!)];
}
