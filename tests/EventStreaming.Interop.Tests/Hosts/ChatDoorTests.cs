using System.Net;
using System.Text.Json;
using EventStreaming.Interop.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.Hosts;

/// <summary>The AI SDK's own chat and transport at the sample host's door.</summary>
internal sealed class ChatDoorTests
{
    private const string Chat = "chat-1";
    private DoorSite _site = null!; // SetUp makes one for each test.

    [SetUp]
    public async Task StartAsync() => _site = await DoorSite.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _site.DisposeAsync();

    [Test]
    public async Task A_turn_is_a_message_with_its_tool_calls()
    {
        await using var client = Run("""[{"resume":true},{"say":"history"}]""");
        Assert.That((await TellAsync(client)).GetProperty("headers")[0][0].GetInt32(), Is.EqualTo(204), "Nothing runs.");
        var told = await TellAsync(client);

        Assert.That(told.GetProperty("status").GetString(), Is.EqualTo("ready"));
        Assert.That(told.GetProperty("headers").GetRawText(), Is.EqualTo("""[[200,"v1"]]"""));
        var parts = told.GetProperty("messages")[1].GetProperty("parts").EnumerateArray().ToList();
        Assert.That(parts.Where(static part => part.GetProperty("type").ValueEquals("dynamic-tool")).Select(static part => part.GetProperty("state").GetString()), Is.Not.Empty.And.All.EqualTo("output-available"));
        Assert.That(parts.Last(static part => part.GetProperty("type").ValueEquals("text")).GetProperty("text").GetString(), Does.Contain("notes/history.md (3 hits)"));
    }

    [Test]
    public async Task A_stream_is_resumed_and_what_is_said_next_answers_a_question()
    {
        await using var first = Run("""[{"say":"what is this?"}]""");
        await _site.AskedAsync();
        await using var second = Run("""[{"resume":true}]""");
        Assert.That(await _site.SendAsync(HttpMethod.Post, "/api/chat", Saying("history")), Is.EqualTo(HttpStatusCode.OK));

        foreach (var client in new[] { first, second })
        {
            var told = await TellAsync(client);
            Assert.That(told.GetProperty("status").GetString(), Is.EqualTo("ready"), told.GetRawText());
        }
    }

    [Test]
    public async Task A_run_that_is_cancelled_ends_the_stream_without_an_error()
    {
        await using var client = Run("""[{"say":"what is this?"}]""");
        await _site.SessionAtWorkAsync();
        Assert.That(await _site.SendAsync(HttpMethod.Delete, $"/api/chat/{Chat}/stream"), Is.EqualTo(HttpStatusCode.NoContent));

        var told = await TellAsync(client);
        Assert.That(told.GetProperty("status").GetString(), Is.EqualTo("ready"));
        Assert.That(told.GetProperty("errors").GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task A_run_that_fails_and_one_that_is_refused_are_errors_of_the_chat()
    {
        await using var client = Run("""[{"say":"missing.json","body":{"kind":"alerts"}},{"say":"x","body":{"kind":"none"}}]""");
        Assert.That((await TellAsync(client)).GetProperty("status").GetString(), Is.EqualTo("error"));
        Assert.That((await TellAsync(client)).GetProperty("errors")[0].GetString(), Does.StartWith("There is no such kind of run."), "In words, not as JSON.");
    }

    private ChildProcess Run(string requests) => _site.Run("ai-sdk.mjs", "/api/chat", Chat, requests);

    private static string Saying(string text) => $$"""{"id":"{{Chat}}","messages":[{"id":"u-9","role":"user","parts":[{"type":"text","text":"{{text}}"}]}]}""";

    private static async Task<JsonElement> TellAsync(ChildProcess client) => JsonElement.Parse(await client.ReadLineAsync().WithinSafetyAsync());
}
