using System.Net;
using System.Text.Json;
using EventStreaming.Interop.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.Hosts;

/// <summary>AG-UI's own client at the sample host's door.</summary>
internal sealed class AgUiDoorTests
{
    private DoorSite _site = null!; // SetUp makes one for each test.

    [SetUp]
    public async Task StartAsync() => _site = await DoorSite.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _site.DisposeAsync();

    [Test]
    public async Task Turns_with_tool_calls_are_whole_and_a_conversation()
    {
        await using var client = Run("""[{"say":"history","id":"u1"},{"say":"more","id":"u2"}]""");
        var first = await TellAsync(client);
        Assert.That(TypesOf(first), Does.Contain("TOOL_CALL_START").And.Contain("TOOL_CALL_RESULT").And.Contain("TEXT_MESSAGE_CONTENT"));
        Assert.That(TypesOf(first).Last(), Is.EqualTo("RUN_FINISHED"));
        Assert.That(first.GetProperty("result").GetProperty("found").GetInt32(), Is.EqualTo(2));
        Assert.That(AnswersOf(first).Single(), Does.Contain("notes/history.md (3 hits)"));

        var second = await TellAsync(client);
        Assert.That(AnswersOf(second), Has.Exactly(2).Items, "What the client has stays as it is.");
        Assert.That(second.GetProperty("messages").EnumerateArray().Count(static message => message.GetProperty("role").ValueEquals("user")), Is.EqualTo(2));
    }

    [Test]
    public async Task A_question_interrupts_and_the_clients_answer_goes_on()
    {
        await using var client = Run("""[{"say":"what is this?","id":"u1"},{"answer":"history"}]""");
        var asked = await TellAsync(client);
        Assert.That(asked.GetProperty("interrupts")[0].GetProperty("responseSchema").GetProperty("type").GetString(), Is.EqualTo("string"));

        var answered = await TellAsync(client);
        Assert.That(answered.GetProperty("interrupts").GetArrayLength(), Is.Zero);
        Assert.That(AnswersOf(answered).Single(), Does.Contain("notes/history.md (3 hits)"));
    }

    [Test]
    public async Task A_client_that_aborts_leaves_the_run_at_work_and_joins_it_again()
    {
        await using var client = Run("""[{"say":"what is this?","id":"u1","abortAt":"CUSTOM"},{"fresh":true}]""");
        await TellAsync(client, hasErrors: null); // What was on its way when it aborted may be the end.
        var joined = await TellAsync(client);

        Assert.That(joined.GetProperty("interrupts").GetArrayLength(), Is.EqualTo(1));
        await using var late = Run("[{}]", "/agui/connect");
        var told = await TellAsync(late);
        Assert.That(told.GetProperty("messages")[0].GetProperty("content").GetString(), Is.EqualTo("what is this?"));
    }

    [Test]
    public async Task A_client_that_aborts_when_the_end_is_on_its_way_goes_on()
    {
        const int Aborts = 40;
        var aborts = string.Concat(Enumerable.Repeat(""",{"fresh":true,"abortAt":"RUN_STARTED"}""", Aborts));
        await using var client = Run($$"""[{"say":"what is this?","id":"u1"}{{aborts}}]""");
        for (var i = 0; i <= Aborts; i++)
        {
            await TellAsync(client, hasErrors: null); // Who joins late has been sent everything when it aborts.
        }
    }

    [Test]
    public async Task A_run_is_cancelled_by_its_thread()
    {
        await using var client = Run("""[{"say":"what is this?","id":"u1"}]""");
        await TellAsync(client);
        Assert.That(await _site.SendAsync(HttpMethod.Post, "/agui/cancel", """{"threadId":"thread-1"}"""), Is.EqualTo(HttpStatusCode.NoContent));

        // What is told of a thread follows what is published, a moment later.
        JsonElement told;
        do
        {
            await using var late = Run("[{}]", "/agui/connect");
            told = await TellAsync(late);
        }
        while (told.GetProperty("interrupts").GetArrayLength() > 0);

        Assert.That(TypesOf(told).Last(), Is.EqualTo("RUN_FINISHED"));
    }

    [Test]
    public async Task A_run_that_fails_and_one_that_is_refused_are_errors()
    {
        await using var client = Run("""[{"say":"missing.json","props":{"kind":"alerts"}},{"say":"x","props":{"kind":"none"}}]""");
        var failed = await TellAsync(client, hasErrors: true);
        Assert.That(TypesOf(failed).Last(), Is.EqualTo("RUN_ERROR"));

        var refused = JsonElement.Parse(await client.ReadLineAsync().WithinSafetyAsync());
        Assert.That(refused.GetProperty("errors")[0].GetString(), Does.Contain("HTTP 400").And.Contain("no such kind"));
    }

    private ChildProcess Run(string requests, string path = "/agui") => _site.Run("ag-ui.mjs", path, "thread-1", requests);

    private static async Task<JsonElement> TellAsync(ChildProcess client, bool? hasErrors = false)
    {
        var told = JsonElement.Parse(await client.ReadLineAsync().WithinSafetyAsync());
        Assert.That(told.GetProperty("invalid").GetRawText(), Is.EqualTo("[]"), told.GetRawText());
        Assert.That(told.GetProperty("complaints").GetRawText(), Is.EqualTo("[]"), told.GetRawText());
        Assert.That(told.GetProperty("isWireClean").GetBoolean(), Is.True, told.GetRawText());
        if (hasErrors is { } expected)
        {
            Assert.That(told.GetProperty("errors").GetArrayLength(), expected ? Is.Positive : Is.Zero, told.GetRawText());
        }

        return told;
    }

    private static IEnumerable<string?> TypesOf(JsonElement told) => told.GetProperty("types").EnumerateArray().Select(static type => type.GetString());

    private static IEnumerable<string> AnswersOf(JsonElement told) =>
        from message in told.GetProperty("messages").EnumerateArray()
        where message.GetProperty("role").ValueEquals("assistant") && message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String && content.GetString()!.Length > 0
        select message.GetProperty("content").GetString()!;
}
