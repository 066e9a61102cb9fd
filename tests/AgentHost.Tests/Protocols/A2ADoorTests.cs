using System.Net;
using System.Text.Json;
using AgentHost.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Protocols;

/// <summary>A2A 1.0 of a real host: HTTP+JSON below <c>/a2a</c>, and JSON-RPC.</summary>
internal sealed class A2ADoorTests
{
    private DoorClient _door = null!; // SetUp makes one for each test.

    [SetUp]
    public async Task StartAsync() => _door = await DoorClient.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _door.DisposeAsync();

    [Test]
    public async Task The_card_says_where_both_bindings_are()
    {
        var (status, card) = await _door.AskAsync(HttpMethod.Get, "/.well-known/agent-card.json");

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(
            card.GetProperty("supportedInterfaces").EnumerateArray().Select(static item => (item.GetProperty("protocolBinding").GetString(), item.GetProperty("protocolVersion").GetString(), item.GetProperty("url").GetString())),
            Is.EqualTo([("HTTP+JSON", "1.0", $"{_door.Host.Client.BaseAddress}a2a"), ("JSONRPC", "1.0", $"{_door.Host.Client.BaseAddress}a2a")]));
        Assert.That(card.GetProperty("capabilities").GetProperty("streaming").GetBoolean(), Is.True);
    }

    [Test]
    public async Task A_message_is_a_task_that_is_streamed_to_its_end()
    {
        var frames = await _door.ReadAsync("/a2a/message:stream", Message("history"));

        var task = frames[0].GetProperty("task");
        Assert.That(StateOf(frames[^1].GetProperty("statusUpdate")), Is.EqualTo("TASK_STATE_COMPLETED"));
        Assert.That(frames.Where(static frame => frame.TryGetProperty("artifactUpdate", out _)).Select(static frame => frame.GetRawText()), Has.Some.Contains("history.md"));
        var (status, got) = await _door.AskAsync(HttpMethod.Get, $"/a2a/tasks/{IdOf(task)}");
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(got.GetProperty("contextId").GetString(), Is.EqualTo(task.GetProperty("contextId").GetString()));
    }

    [Test]
    public async Task Who_does_not_stream_waits_for_the_end()
    {
        var (status, sent) = await _door.AskAsync(HttpMethod.Post, "/a2a/message:send", Message("history", ""","contextId":"ctx-1" """));

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        var task = sent.GetProperty("task");
        Assert.That(StateOf(task), Is.EqualTo("TASK_STATE_COMPLETED"));
        Assert.That(task.GetProperty("contextId").GetString(), Is.EqualTo("ctx-1"));
        Assert.That(task.GetProperty("artifacts").GetRawText(), Does.Contain("history.md"));
        Assert.That(task.GetProperty("history")[0].GetProperty("parts")[0].GetProperty("text").GetString(), Is.EqualTo("history"), "What the user said is the task's.");
    }

    [Test]
    public async Task A_message_to_a_task_that_requires_input_answers_it()
    {
        var (_, sent) = await _door.AskAsync(HttpMethod.Post, "/a2a/message:send", Message("what is this?"));
        var task = sent.GetProperty("task");
        Assert.That(StateOf(task), Is.EqualTo("TASK_STATE_INPUT_REQUIRED"));

        var frames = await _door.ReadAsync("/a2a/message:stream", Message("history", $""","taskId":"{IdOf(task)}" """));

        Assert.That(IdOf(frames[0].GetProperty("task")), Is.EqualTo(IdOf(task)));
        Assert.That(StateOf(frames[^1].GetProperty("statusUpdate")), Is.EqualTo("TASK_STATE_COMPLETED"));
        var (_, late) = await _door.AskAsync(HttpMethod.Post, "/a2a/message:send", Message("more", $""","taskId":"{IdOf(task)}" """));
        Assert.That(ReasonOf(late), Is.EqualTo("UNSUPPORTED_OPERATION"), "It has ended.");
        var (status, gone) = await _door.AskAsync(HttpMethod.Post, $"/a2a/tasks/{IdOf(task)}:subscribe");
        Assert.That((status, ReasonOf(gone)), Is.EqualTo((HttpStatusCode.BadRequest, "UNSUPPORTED_OPERATION")));
    }

    [Test]
    public async Task Of_two_tasks_that_ask_the_one_that_is_named_is_answered()
    {
        var session = await _door.Host.CreateSessionAsync();
        var older = await AskingAsync(session);
        var newer = await AskingAsync(session);

        var (status, sent) = await _door.AskAsync(HttpMethod.Post, "/a2a/message:send", Message("history", $""","taskId":"{older}" """));

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((IdOf(sent.GetProperty("task")), StateOf(sent.GetProperty("task"))), Is.EqualTo((older, "TASK_STATE_COMPLETED")));
        var (_, other) = await _door.AskAsync(HttpMethod.Get, $"/a2a/tasks/{newer}");
        Assert.That(StateOf(other), Is.EqualTo("TASK_STATE_INPUT_REQUIRED"), "Nobody has answered it.");
    }

    [Test]
    public async Task A_task_is_cancelled_and_whoever_subscribes_sees_it()
    {
        var (_, sent) = await _door.AskAsync(HttpMethod.Post, "/a2a/message:send", Message("what is this?", configuration: ""","configuration":{"returnImmediately":true}"""));
        var id = IdOf(sent.GetProperty("task"));
        using var subscribed = await _door.SendAsync(HttpMethod.Post, $"/a2a/tasks/{id}:subscribe");
        Assert.That(subscribed.Headers.GetValues("A2A-Version"), Is.EqualTo(["1.0"]));

        var (status, task) = await _door.AskAsync(HttpMethod.Post, $"/a2a/tasks/{id}:cancel");

        Assert.That((status, StateOf(task)), Is.EqualTo((HttpStatusCode.OK, "TASK_STATE_CANCELED")));
        var (again, error) = await _door.AskAsync(HttpMethod.Post, $"/a2a/tasks/{id}:cancel");
        Assert.That((again, ReasonOf(error)), Is.EqualTo((HttpStatusCode.BadRequest, "TASK_NOT_CANCELABLE")));
    }

    [Test]
    public async Task Json_rpc_does_the_same()
    {
        var frames = await _door.ReadAsync("/a2a", Call("7", "SendStreamingMessage", Message("what is this?")));
        Assert.That(frames, Has.All.Matches<JsonElement>(static frame => frame.GetProperty("id").GetInt32() == 7));
        var id = IdOf(frames[0].GetProperty("result").GetProperty("task"));
        Assert.That(StateOf(frames[^1].GetProperty("result").GetProperty("statusUpdate")), Is.EqualTo("TASK_STATE_INPUT_REQUIRED"));

        var (_, got) = await _door.AskAsync(HttpMethod.Post, "/a2a", Call("\"a\"", "GetTask", $$"""{"id":"{{id}}"}"""));
        Assert.That((got.GetProperty("id").GetString(), IdOf(got.GetProperty("result"))), Is.EqualTo(("a", id)));
        var (_, cancelled) = await _door.AskAsync(HttpMethod.Post, "/a2a", Call("8", "CancelTask", $$"""{"id":"{{id}}"}"""));
        Assert.That(StateOf(cancelled.GetProperty("result")), Is.EqualTo("TASK_STATE_CANCELED"));
        var (_, sent) = await _door.AskAsync(HttpMethod.Post, "/a2a", Call("9", "SendMessage", Message("history")));
        Assert.That(StateOf(sent.GetProperty("result").GetProperty("task")), Is.EqualTo("TASK_STATE_COMPLETED"));
    }

    [TestCase("{", -32700)]
    [TestCase("[]", -32600)]
    [TestCase("""{"jsonrpc":"2.0","id":"\ud800","method":"GetTask"}""", -32700)]
    [TestCase("""{"jsonrpc":"2.0","id":{},"method":"GetTask"}""", -32600)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":["GetTask"]}""", -32600)]
    [TestCase("""{"jsonrpc":"2.0","id":"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789","method":"GetTask","params":{"id":"x"}}""", -32600)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"GetTask","params":[{"id":{}}]}""", -32001)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"CancelTask","params":{"id":"../\u0000{topic}"}}""", -32001)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"message":{"messageId":1,"role":{},"parts":7}}}""", -32602)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"message":{"messageId":"m","role":"ROLE_USER","contextId":"a\nb","parts":[{"text":"x"}]}}}""", -32602)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":[]},{"text":null},3,null]}}}""", -32005)]
    [TestCase("""{"jsonrpc":"2.0","method":"GetTask"}""", -32600)]
    [TestCase("""{"jsonrpc":"1.0","id":1,"method":"GetTask"}""", -32600)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"message/send"}""", -32601)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{}}""", -32602)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"GetTask","params":{"id":"none"}}""", -32001)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"GetTask"}""", -32001)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"CreateTaskPushNotificationConfig","params":{}}""", -32003)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"ListTasks","params":{}}""", -32004)]
    [TestCase("""{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"url":"http://x"}]}}}""", -32005)]
    public async Task Errors_of_json_rpc_have_their_codes(string body, int code)
    {
        var (status, json) = await _door.AskAsync(HttpMethod.Post, "/a2a", body);

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(json.GetProperty("error").GetProperty("code").GetInt32(), Is.EqualTo(code));
        Assert.That(json.GetProperty("jsonrpc").GetString(), Is.EqualTo("2.0"));
        Assert.That((await _door.SessionsAsync()).GetArrayLength(), Is.Zero);
    }

    [TestCase(null)]
    [TestCase("0.3")]
    [TestCase("2.0")]
    public async Task Another_version_is_not_spoken(string? version)
    {
        var (status, json) = await _door.AskAsync(HttpMethod.Post, "/a2a/message:send", Message("history"), version);
        Assert.That((status, ReasonOf(json)), Is.EqualTo((HttpStatusCode.BadRequest, "VERSION_NOT_SUPPORTED")));
        var (_, rpc) = await _door.AskAsync(HttpMethod.Post, "/a2a", Call("1", "SendMessage", Message("history")), version);
        Assert.That(rpc.GetProperty("error").GetProperty("code").GetInt32(), Is.EqualTo(-32009));
    }

    [Test]
    public async Task A_page_of_another_origin_cannot_cancel_by_a_url()
    {
        var (_, sent) = await _door.AskAsync(HttpMethod.Post, "/a2a/message:send", Message("what is this?"));
        var (status, _) = await _door.AskAsync(HttpMethod.Post, $"/a2a/tasks/{IdOf(sent.GetProperty("task"))}:cancel?A2A-Version=1.0", version: null);

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Data_names_a_kind_and_all_it_needs()
    {
        var (_, sent) = await _door.AskAsync(
            HttpMethod.Post, "/a2a/message:send", """{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"data":{"kind":"index","directory":"notes"}}]}}""");

        Assert.That(StateOf(sent.GetProperty("task")), Is.EqualTo("TASK_STATE_COMPLETED"));
        Assert.That(sent.GetProperty("task").GetProperty("metadata").GetRawText(), Does.Contain("\"index\""));
    }

    [Test]
    public async Task A_task_of_another_context_is_refused()
    {
        var (_, sent) = await _door.AskAsync(HttpMethod.Post, "/a2a/message:send", Message("what is this?"));
        var (status, json) = await _door.AskAsync(HttpMethod.Post, "/a2a/message:send", Message("history", $""","taskId":"{IdOf(sent.GetProperty("task"))}","contextId":"other" """));

        Assert.That((status, ReasonOf(json)), Is.EqualTo((HttpStatusCode.BadRequest, "INVALID_PARAMS")));
    }

    private async Task<string> AskingAsync(string session)
    {
        var run = await _door.Host.StartAsync(session, """{"kind":"orchestrator"}""");
        using var stream = await _door.Host.OpenAsync(TestHost.EventsOf(session, $"?run={run}&from=start"));
        await stream.ReadUntilAsync("input.requested");
        return run;
    }

    private static string Message(string text, string more = "", string configuration = "") =>
        $$"""{"message":{"messageId":"{{Guid.NewGuid()}}","role":"ROLE_USER","parts":[{"text":"{{text}}"}]{{more}}}{{configuration}}}""";

    private static string Call(string id, string method, string parameters) => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""";

    private static string IdOf(JsonElement task) => task.GetProperty("id").GetString()!;

    private static string? StateOf(JsonElement task) => task.GetProperty("status").GetProperty("state").GetString();

    private static string? ReasonOf(JsonElement error) => error.GetProperty("error").GetProperty("details")[0].GetProperty("reason").GetString();
}
