using System.Net;
using System.Text.Json;
using EventStreaming.AspNetCore.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Protocols;

/// <summary><c>POST /api/chat</c> and <c>GET /api/chat/{id}/stream</c> of a real host.</summary>
internal sealed class ChatDoorTests
{
    private DoorClient _door = null!; // SetUp makes one for each test.

    [SetUp]
    public async Task StartAsync() => _door = await DoorClient.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _door.DisposeAsync();

    [Test]
    public async Task What_is_said_is_one_message_of_the_assistant()
    {
        using var stream = await _door.OpenAsync("/api/chat", Body("c-1", "history"));
        Assert.That(stream.Response.Headers.GetValues("x-vercel-ai-ui-message-stream"), Is.EqualTo(["v1"]));
        var frames = (await stream.ReadToEndAsync()).Where(static frame => frame.Data is not null).ToList();

        Assert.That(frames[^1].Data, Is.EqualTo("[DONE]"));
        var chunks = frames.SkipLast(1).Select(static frame => frame.Json).ToList();
        Assert.That(DoorClient.TypesOf(chunks)[0], Is.EqualTo("start"));
        Assert.That(DoorClient.TypesOf(chunks)[^1], Is.EqualTo("finish"));
        Assert.That(DoorClient.TypesOf(chunks), Does.Contain("tool-output-available").And.Contain("reasoning-delta"));
        Assert.That(string.Concat(chunks.Where(static chunk => chunk.GetProperty("type").ValueEquals("text-delta")).Select(static chunk => chunk.GetProperty("delta").GetString())), Does.Contain("history.md (3 hits)"));
    }

    [Test]
    public async Task A_stream_is_resumed_from_its_start_while_its_run_is_at_work_and_there_is_none_else()
    {
        Assert.That((await _door.AskAsync(HttpMethod.Get, "/api/chat/c-1/stream")).Status, Is.EqualTo(HttpStatusCode.NoContent), "A new chat asks, too.");
        using var first = await _door.OpenAsync("/api/chat", Body("c-1", "what is this?"));
        var begun = await UntilAsync(first, "data-input-request");

        using var second = new SseStream(await _door.SendAsync(HttpMethod.Get, "/api/chat/c-1/stream"));
        var resumed = await UntilAsync(second, "data-input-request");

        Assert.That(resumed[0].GetProperty("messageId").GetString(), Is.EqualTo(begun[0].GetProperty("messageId").GetString()));
        var answered = await _door.ReadAsync("/api/chat", Body("c-1", "history", "u2"));
        Assert.That(answered[0].GetProperty("messageId").GetString(), Is.EqualTo(begun[0].GetProperty("messageId").GetString()), "What is said next answers.");
        foreach (var stream in new[] { first, second })
        {
            var rest = (await stream.ReadToEndAsync()).Where(static frame => frame.Data is not null).ToList();
            Assert.That(rest[^1].Data, Is.EqualTo("[DONE]"));
        }

        Assert.That((await _door.AskAsync(HttpMethod.Get, "/api/chat/c-1/stream")).Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public async Task A_viewer_that_goes_ends_nothing_and_a_delete_does()
    {
        using (var stream = await _door.OpenAsync("/api/chat", Body("c-1", "what is this?")))
        {
            await UntilAsync(stream, "data-input-request");
        }

        using var resumed = new SseStream(await _door.SendAsync(HttpMethod.Get, "/api/chat/c-1/stream"));
        await UntilAsync(resumed, "data-input-request");
        Assert.That((await _door.AskTextAsync(HttpMethod.Delete, "/api/chat/c-1/stream")).Status, Is.EqualTo(HttpStatusCode.NoContent));

        var rest = (await resumed.ReadToEndAsync()).Where(static frame => frame.Data is not (null or "[DONE]")).Select(static frame => frame.Json);
        Assert.That(DoorClient.TypesOf(rest)[^1], Is.EqualTo("abort"));
        Assert.That((await _door.AskTextAsync(HttpMethod.Delete, "/api/chat/c-1/stream")).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task A_message_that_is_sent_again_joins_its_run_and_one_that_is_regenerated_does_not()
    {
        using var first = await _door.OpenAsync("/api/chat", Body("c-1", "what is this?"));
        var begun = await UntilAsync(first, "data-input-request");
        using var again = await _door.OpenAsync("/api/chat", Body("c-1", "what is this?"));
        using var anew = await _door.OpenAsync("/api/chat", Body("c-1", "what is this?", more: ""","trigger":"regenerate-message","messageId":"m" """));

        Assert.That((await again.NextEventAsync()).Json.GetProperty("messageId").GetString(), Is.EqualTo(begun[0].GetProperty("messageId").GetString()));
        Assert.That((await anew.NextEventAsync()).Json.GetProperty("messageId").GetString(), Is.Not.EqualTo(begun[0].GetProperty("messageId").GetString()));
    }

    [Test]
    public async Task Another_kind_is_run_when_the_body_names_it()
    {
        var chunks = await _door.ReadAsync("/api/chat", Body("c-1", "go", more: ""","kind":"index","directory":"notes" """));

        Assert.That(DoorClient.TypesOf(chunks), Does.Contain("data-worker"));
        Assert.That(chunks[^1].GetProperty("finishReason").GetString(), Is.EqualTo("stop"));
    }

    [TestCase("""{"messages":[]}""", HttpStatusCode.BadRequest, "'id'")]
    [TestCase("""{"id":"c"}""", HttpStatusCode.BadRequest, "'messages'")]
    [TestCase("""{"id":"c","messages":[{"id":"a","role":"assistant","parts":[]}]}""", HttpStatusCode.BadRequest, "last message")]
    [TestCase("""{"id":"c","messages":[{"id":"a","role":"assistant","parts":[{"state":"approval-responded","approval":{"id":"none","approved":true}}]}]}""", HttpStatusCode.NotFound, "question")]
    [TestCase("""{"id":"c","kind":"none","messages":[{"id":"u","role":"user","parts":[{"type":"text","text":"x"}]}]}""", HttpStatusCode.BadRequest, "kind")]
    [TestCase("not json", HttpStatusCode.BadRequest, "JSON")]
    public async Task What_cannot_be_run_is_told_in_words_and_leaves_no_session(string body, HttpStatusCode status, string says)
    {
        using var response = await _door.SendAsync(HttpMethod.Post, "/api/chat", body);

        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/plain"), "A chat shows the body as the error.");
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain(says));
        Assert.That((await _door.SessionsAsync()).GetArrayLength(), Is.Zero);
    }

    private static async Task<List<JsonElement>> UntilAsync(SseStream stream, string type)
    {
        var chunks = new List<JsonElement>();
        do
        {
            chunks.Add((await stream.NextEventAsync()).Json);
        }
        while (!chunks[^1].GetProperty("type").ValueEquals(type));

        return chunks;
    }

    private static string Body(string id, string text, string message = "u1", string more = "") =>
        $$"""{"id":"{{id}}","messages":[{"id":"{{message}}","role":"user","parts":[{"type":"text","text":"{{text}}"}]}]{{more}}}""";
}
