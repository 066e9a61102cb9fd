using System.Text.Json;
using EventStreaming.Interop.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.Agents;

/// <summary>AG-UI's own client, against a real host.</summary>
internal sealed class AgUiClientTests
{
    private const string Thread = "thread-1";
    private AgentSite _site = null!; // SetUp makes one for each test.

    [SetUp]
    public async Task StartAsync() => _site = await AgentSite.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _site.DisposeAsync();

    [Test]
    public async Task A_run_with_tools_steps_thoughts_and_a_worker_arrives_live_and_whole()
    {
        await using var client = Run("""[{"say":"tools, wait","id":"u1","runId":"r1","tellAt":"SUBAGENT_FINISHED"}]""");
        Assert.That(await client.ReadLineAsync(), Is.EqualTo("""{"at":"SUBAGENT_FINISHED"}"""), "It comes while the run is at work.");
        _site.GateOf("r1").SetResult();
        var told = await TellAsync(client);

        Assert.That(told.GetProperty("types").EnumerateArray().Select(static type => type.GetString()), Is.EqualTo([
            "RUN_STARTED", "ACTIVITY_SNAPSHOT", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "STEP_STARTED", "REASONING_START", "REASONING_MESSAGE_START", "REASONING_MESSAGE_CONTENT",
            "REASONING_MESSAGE_END", "REASONING_END", "TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END", "ACTIVITY_SNAPSHOT", "TOOL_CALL_RESULT", "ACTIVITY_SNAPSHOT",
            "CUSTOM", "SUBAGENT_STARTED", "CUSTOM", "SUBAGENT_FINISHED", "STEP_FINISHED", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END", "RUN_FINISHED",
        ]));
        Assert.That(told.GetProperty("result").GetRawText(), Is.EqualTo("""{"done":true}"""));
        var messages = MessagesOf(told);
        Assert.That(messages.Where(static message => message.Role is "user" or "assistant" or "tool" or "reasoning").Select(static message => (message.Role, message.Content)), Is.EquivalentTo([
            ("user", "tools, wait"), ("assistant", "You said tools, wait"), ("reasoning", "Count them."), ("assistant", ""), ("tool", """{"letters":5}"""),
        ]));
        Assert.That(
            messages.Where(static message => message.Role is "activity").Select(static message => message.Content),
            Has.Some.Contains("\"fraction\":0.9").And.Some.Contains("Thinking").And.Some.Contains("\"stage\":\"count\""));
    }

    [Test]
    public async Task A_question_interrupts_and_its_answer_goes_on_with_the_same_run()
    {
        await using var client = Run("""[{"say":"ask tools","id":"u1","runId":"r1"},{"answer":"yes","runId":"r2"},{"say":"again","id":"u2","runId":"r3"}]""");
        var asked = await TellAsync(client);
        Assert.That(asked.GetProperty("types").EnumerateArray().Last().GetString(), Is.EqualTo("RUN_FINISHED"));
        Assert.That(asked.GetProperty("interrupts")[0].GetProperty("message").GetString(), Is.EqualTo("Go on?"));
        Assert.That(asked.GetProperty("interrupts")[0].GetProperty("responseSchema").GetRawText(), Is.EqualTo("""{"type":"string"}"""));

        var answered = await TellAsync(client);
        Assert.That(answered.GetProperty("interrupts").GetArrayLength(), Is.Zero);
        Assert.That(answered.GetProperty("result").GetRawText(), Is.EqualTo("""{"done":true}"""));
        Assert.That(TalkOf(answered), Is.EqualTo([("user", "ask tools"), ("assistant", "You said (yes) ask tools"), ("tool", """{"letters":5}""")]));

        var again = await TellAsync(client);
        Assert.That(TalkOf(again), Is.EqualTo([
            ("user", "ask tools"), ("assistant", "You said (yes) ask tools"), ("tool", """{"letters":5}"""), ("user", "again"), ("assistant", "You said again"),
        ]), "What the client has stays as it is.");
    }

    [Test]
    public async Task A_client_that_aborts_leaves_the_run_at_work_and_may_come_back_to_it()
    {
        await using var client = Run("""[{"say":"wait","id":"u1","runId":"r1","abortAt":"TEXT_MESSAGE_CONTENT"},{"fresh":true,"watch":"r1","tellAt":"TEXT_MESSAGE_CONTENT"}]""");
        var aborted = await TellAsync(client, hasErrors: true);
        Assert.That(aborted.GetProperty("errors").GetRawText(), Is.EqualTo("""["This operation was aborted"]"""), "The client says so itself.");
        Assert.That(aborted.GetProperty("types").EnumerateArray().Select(static type => type.GetString()), Has.None.EqualTo("RUN_FINISHED"));
        Assert.That(_site.Runs["r1"].IsEnded, Is.False);

        Assert.That(await client.ReadLineAsync(), Is.EqualTo("""{"at":"TEXT_MESSAGE_CONTENT"}"""), "It is told how far the message is.");
        _site.GateOf("r1").SetResult();
        var told = await TellAsync(client);
        Assert.That(told.GetProperty("types").EnumerateArray().Select(static type => type.GetString()).Last(), Is.EqualTo("RUN_FINISHED"));
        Assert.That(TalkOf(told), Is.EqualTo([("user", "wait"), ("assistant", "You said wait")]));
    }

    [Test]
    public async Task Somebody_who_joins_late_has_the_conversation_and_goes_on_live()
    {
        await using var first = Run("""[{"say":"tools","id":"u1","runId":"r1"},{"say":"tools, wait","id":"u2","runId":"r2","tellAt":"SUBAGENT_FINISHED"}]""");
        await TellAsync(first);
        await first.ReadLineAsync();
        await using var late = Run("""[{"watch":"r2","tellAt":"TEXT_MESSAGE_CONTENT"}]""");
        Assert.That(await late.ReadLineAsync(), Is.EqualTo("""{"at":"TEXT_MESSAGE_CONTENT"}"""));
        _site.GateOf("r2").SetResult();
        var told = await TellAsync(late);

        Assert.That(told.GetProperty("types").EnumerateArray().Select(static type => type.GetString()).First(), Is.EqualTo("RUN_STARTED"));
        Assert.That(TalkOf(told), Is.SupersetOf([("user", "tools"), ("assistant", "You said tools"), ("user", "tools, wait"), ("assistant", "You said tools, wait"), ("tool", """{"letters":5}"""), ("tool", """{"letters":5}""")]));
        await TellAsync(first);
    }

    [Test]
    public async Task A_run_that_fails_is_an_error_and_one_that_is_cancelled_is_none()
    {
        await using var client = Run("""[{"say":"fail","runId":"r1"},{"say":"cancel","runId":"r2"}]""");
        var failed = await TellAsync(client, hasErrors: true);
        Assert.That(failed.GetProperty("errors")[0].GetString(), Is.EqualTo("It broke."));
        Assert.That(failed.GetProperty("types").EnumerateArray().Last().GetString(), Is.EqualTo("RUN_ERROR"));

        var cancelled = await TellAsync(client);
        Assert.That(cancelled.GetProperty("types").EnumerateArray().Last().GetString(), Is.EqualTo("RUN_FINISHED"));
        Assert.That(cancelled.TryGetProperty("result", out _), Is.False);
    }

    [Test]
    public async Task A_stream_that_is_cut_off_by_the_host_is_an_error_for_the_client()
    {
        await using var client = Run("""[{"say":"wait","runId":"r1","tellAt":"TEXT_MESSAGE_CONTENT"}]""");
        await client.ReadLineAsync();
        _site.Bus.StopReaders();
        var told = await TellAsync(client, hasErrors: true);

        Assert.That(told.GetProperty("errors")[0].GetString(), Does.Contain("Connect again"));
        _site.GateOf("r1").SetResult();
    }

    private ChildProcess Run(string requests) =>
        ChildProcess.Start("node", [Path.Combine(Places.Clients, "ag-ui.mjs"), new Uri(_site.Address, "/agui").AbsoluteUri, Thread, requests]);

    /// <summary>What the client tells of a run, of which neither it nor the schemas complain.</summary>
    private static async Task<JsonElement> TellAsync(ChildProcess client, bool hasErrors = false)
    {
        var told = JsonDocument.Parse(await client.ReadLineAsync().WithinSafetyAsync()).RootElement;
        Assert.That(told.GetProperty("invalid").GetRawText(), Is.EqualTo("[]"), told.GetRawText());
        Assert.That(told.GetProperty("complaints").GetRawText(), Is.EqualTo("[]"), told.GetRawText());
        Assert.That(told.GetProperty("isWireClean").GetBoolean(), Is.True, told.GetRawText());
        Assert.That(told.GetProperty("errors").GetArrayLength(), hasErrors ? Is.Positive : Is.Zero, told.GetRawText());
        return told;
    }

    private static List<(string Role, string Content)> TalkOf(JsonElement told) =>
        [.. MessagesOf(told).Where(static message => message.Content.Length > 0 && message.Role is "user" or "assistant" or "tool" && message.Content.Length > 0)];

    private static List<(string Role, string Content)> MessagesOf(JsonElement told) => [.. told.GetProperty("messages").EnumerateArray().Select(static message =>
        (message.GetProperty("role").GetString()!, message.TryGetProperty("content", out var content) ? content.ToString() : string.Empty))];
}
