using System.Net;
using System.Text.Json;
using NUnit.Framework;

namespace AgentHost.Tests.Protocols;

/// <summary><c>POST /agui</c> of a real host.</summary>
internal sealed class AgUiDoorTests
{
    private DoorClient _door = null!; // SetUp makes one for each test.

    [SetUp]
    public async Task StartAsync() => _door = await DoorClient.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _door.DisposeAsync();

    [Test]
    public async Task What_is_said_is_run_and_told_to_its_end()
    {
        var frames = await _door.ReadAsync("/agui", Input("t-1", """[{"id":"u1","role":"user","content":"history"}]"""));

        Assert.That(DoorClient.TypesOf(frames)[0], Is.EqualTo("RUN_STARTED"));
        Assert.That(frames[0].GetProperty("threadId").GetString(), Is.EqualTo("t-1"));
        Assert.That(DoorClient.TypesOf(frames), Does.Contain("TOOL_CALL_RESULT").And.Contain("TEXT_MESSAGE_CONTENT"));
        Assert.That(TextOf(frames), Does.Contain("notes/history.md (3 hits)"));
        Assert.That(Outcome(frames), Is.EqualTo("success"));
        Assert.That(frames[^1].GetProperty("result").GetProperty("found").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_thread_is_one_session_whose_turns_go_on_from_each_other()
    {
        await _door.ReadAsync("/agui", Input("t-1", """[{"id":"u1","role":"user","content":"history"}]"""));
        var next = await _door.ReadAsync("/agui", Input("t-1", """[{"id":"u1","role":"user","content":"history"},{"id":"u2","role":"user","content":[{"type":"text","text":"more"}]}]"""));
        await _door.ReadAsync("/agui", Input("t-2", """[{"id":"u1","role":"user","content":"history"}]"""));

        Assert.That(TextOf(next), Does.Contain("have been shown"), "The second turn knows the first.");
        var sessions = await _door.SessionsAsync();
        Assert.That(sessions.GetArrayLength(), Is.EqualTo(2));
        Assert.That(sessions[0].GetProperty("runs").GetArrayLength(), Is.EqualTo(2));
        Assert.That(sessions.EnumerateArray().Select(static session => session.GetProperty("sessionId").GetString()), Has.All.StartsWith("session-"), "A thread's name is no topic's.");
    }

    [Test]
    public async Task A_question_interrupts_and_resume_answers_it()
    {
        var asked = await _door.ReadAsync("/agui", Input("t-1", """[]"""));
        var interrupt = asked[^1].GetProperty("outcome").GetProperty("interrupts")[0];
        Assert.That(interrupt.GetProperty("message").GetString(), Is.EqualTo("What shall I look for in the files?"));
        var id = interrupt.GetProperty("id").GetString();

        var answered = await _door.ReadAsync("/agui", Input("t-1", "[]", $$""","resume":[{"interruptId":"{{id}}","status":"resolved","payload":"history"}]"""));

        Assert.That(answered[0].GetProperty("runId").GetString(), Is.EqualTo(asked[0].GetProperty("runId").GetString()), "It is the same run.");
        Assert.That(Outcome(answered), Is.EqualTo("success"));
        Assert.That(TextOf(answered), Does.Contain("history.md"));
    }

    [Test]
    public async Task A_question_that_is_cancelled_ends_its_run_with_an_error()
    {
        var asked = await _door.ReadAsync("/agui", Input("t-1", """[]"""));
        var id = asked[^1].GetProperty("outcome").GetProperty("interrupts")[0].GetProperty("id").GetString();

        var frames = await _door.ReadAsync("/agui", Input("t-1", "[]", $$""","resume":[{"interruptId":"{{id}}","status":"cancelled"}]"""));

        Assert.That(DoorClient.TypesOf(frames)[^1], Is.EqualTo("RUN_ERROR"));
        Assert.That(frames[^1].GetProperty("code").GetString(), Is.EqualTo("input_withdrawn"));
    }

    [Test]
    public async Task Text_answers_a_question_for_clients_that_know_no_interrupts()
    {
        var asked = await _door.ReadAsync("/agui", Input("t-1", """[]"""));
        var answered = await _door.ReadAsync("/agui", Input("t-1", """[{"id":"u1","role":"user","content":"history"}]"""));

        Assert.That(answered[0].GetProperty("runId").GetString(), Is.EqualTo(asked[0].GetProperty("runId").GetString()));
        Assert.That(Outcome(answered), Is.EqualTo("success"));
    }

    [Test]
    public async Task Who_comes_back_to_a_run_at_work_joins_it_and_connect_shows_the_newest()
    {
        var asked = await _door.ReadAsync("/agui", Input("t-1", """[{"id":"u1","role":"user","content":"what is this?"}]"""));
        var again = await _door.ReadAsync("/agui", Input("t-1", """[{"id":"u1","role":"user","content":"what is this?"}]"""));
        var late = await _door.ReadAsync("/agui/connect", """{"threadId":"t-1"}""");

        foreach (var frames in new[] { asked, again, late })
        {
            Assert.That(frames[0].GetProperty("runId").GetString(), Is.EqualTo(asked[0].GetProperty("runId").GetString()));
            Assert.That(Outcome(frames), Is.EqualTo("interrupt"), string.Join("\n", frames));
        }

        var known = late.Single(static frame => frame.GetProperty("type").ValueEquals("MESSAGES_SNAPSHOT")).GetProperty("messages");
        Assert.That(known[0].GetProperty("content").GetString(), Is.EqualTo("what is this?"), "Who joins late has what the user said.");
        Assert.That((await _door.SessionsAsync())[0].GetProperty("runs").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_viewer_that_goes_ends_nothing_and_cancel_does()
    {
        using (await _door.OpenAsync("/agui", Input("t-1", "[]")))
        {
            // It goes without having read anything.
        }

        var asked = await _door.ReadAsync("/agui", Input("t-1", "[]"));
        Assert.That(Outcome(asked), Is.EqualTo("interrupt"), "The run waits still.");

        var run = asked[0].GetProperty("runId").GetString();
        Assert.That((await _door.AskAsync(HttpMethod.Post, "/agui/cancel", $$"""{"threadId":"t-1","runId":"{{run}}"}""")).Status, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await _door.AskAsync(HttpMethod.Post, "/agui/cancel", """{"threadId":"t-1"}""")).Status, Is.EqualTo(HttpStatusCode.NotFound), "Nothing is at work.");
        var end = await ConnectUntilEndedAsync();
        Assert.That(Outcome(end), Is.EqualTo("cancelled"));
    }

    [Test]
    public async Task Another_kind_is_run_when_the_client_names_it()
    {
        var frames = await _door.ReadAsync("/agui", Input("t-1", """[{"id":"u1","role":"user","content":"go"}]""", ""","forwardedProps":{"kind":"index","directory":"notes","theme":"dark"}"""));

        Assert.That(Outcome(frames), Is.EqualTo("success"));
        Assert.That(DoorClient.TypesOf(frames), Does.Contain("SUBAGENT_STARTED"));
    }

    [Test]
    public async Task A_run_that_fails_ends_with_its_error()
    {
        var frames = await _door.ReadAsync("/agui", Input("t-1", """[{"id":"u1","role":"user","content":"missing.json"}]""", ""","forwardedProps":{"kind":"alerts"}"""));

        Assert.That(DoorClient.TypesOf(frames)[^1], Is.EqualTo("RUN_ERROR"));
    }

    [TestCase("""{"messages":[]}""", HttpStatusCode.BadRequest, "threadId")]
    [TestCase("""{"threadId":"","messages":[]}""", HttpStatusCode.BadRequest, "threadId")]
    [TestCase("""{"threadId":"a\nb","messages":[]}""", HttpStatusCode.BadRequest, "threadId")]
    [TestCase("""{"threadId":"t","messages":{}}""", HttpStatusCode.BadRequest, "messages")]
    [TestCase("""{"threadId":"t","messages":[],"resume":1}""", HttpStatusCode.BadRequest, "resume")]
    [TestCase("""{"threadId":"t","messages":[],"resume":[{"interruptId":"none"}]}""", HttpStatusCode.NotFound, "question")]
    [TestCase("""{"threadId":"t","messages":[],"forwardedProps":{"kind":"none"}}""", HttpStatusCode.BadRequest, "kind")]
    [TestCase("""{"threadId":"t","messages":[],"forwardedProps":{"directory":"/"}}""", HttpStatusCode.Forbidden, "root")]
    [TestCase("[1]", HttpStatusCode.BadRequest, "threadId")]
    [TestCase("""{"threadId":"\ud800","messages":[]}""", HttpStatusCode.BadRequest, "JSON")]
    [TestCase("""{"threadId":"t","messages":[{"role":"user","content":[{"type":"text","text":"\udc00"}]}]}""", HttpStatusCode.BadRequest, "JSON")]
    [TestCase("""{"threadId":"t","\ud800":[]}""", HttpStatusCode.BadRequest, "JSON")]
    [TestCase("""{"threadId":7,"messages":[]}""", HttpStatusCode.BadRequest, "threadId")]
    [TestCase("""{"threadId":"t","messages":[],"resume":[{"interruptId":{}}]}""", HttpStatusCode.NotFound, "question")]
    [TestCase("""{"threadId":"t","messages":[],"resume":[null,7,[]]}""", HttpStatusCode.NotFound, "question")]
    [TestCase("""{"threadId":"t","messages":[],"forwardedProps":{"directory":[{"a":1}]}}""", HttpStatusCode.BadRequest, "body")]
    [TestCase("{", HttpStatusCode.BadRequest, "JSON")]
    public async Task What_cannot_be_run_is_a_problem_and_leaves_no_session(string body, HttpStatusCode status, string says)
    {
        var (actual, problem) = await _door.AskAsync(HttpMethod.Post, "/agui", body);

        Assert.That(actual, Is.EqualTo(status));
        Assert.That(problem.GetProperty("detail").GetString(), Does.Contain(says));
        Assert.That((await _door.SessionsAsync()).GetArrayLength(), Is.Zero);
    }

    [TestCase(60)]
    [TestCase(61)]
    [TestCase(62)]
    [TestCase(63)]
    [TestCase(5_000)]
    public async Task What_is_deep_is_refused(int depth)
    {
        var (status, _) = await _door.AskAsync(HttpMethod.Post, "/agui", Input("t", "[]", $$""","forwardedProps":{"directory":{{new string('[', depth)}}{{new string(']', depth)}}}"""));

        Assert.That(status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await _door.SessionsAsync()).GetArrayLength(), Is.Zero);
    }

    [Test]
    public async Task A_long_conversation_is_taken_and_a_longer_one_refused()
    {
        var frames = await _door.ReadAsync("/agui", Input("t", Conversation(3 * 1024 * 1024)));
        Assert.That(Outcome(frames), Is.EqualTo("success"));

        var (status, _) = await _door.AskAsync(HttpMethod.Post, "/agui", Input("t-2", Conversation(5 * 1024 * 1024)));
        Assert.That(status, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [TestCase("../../etc/passwd")]
    [TestCase("{topic}")]
    [TestCase("a/b?c#d%2e%2e")]
    public async Task A_threads_name_is_only_a_name(string thread)
    {
        var frames = await _door.ReadAsync("/agui", Input(thread, """[{"id":"u1","role":"user","content":"history"}]"""));

        Assert.That(frames[0].GetProperty("threadId").GetString(), Is.EqualTo(thread));
        Assert.That((await _door.SessionsAsync())[0].GetProperty("sessionId").GetString(), Does.Match("^session-[0-9a-f]{32}$"));
    }

    [Test]
    public async Task A_run_of_another_thread_cannot_be_cancelled()
    {
        var asked = await _door.ReadAsync("/agui", Input("t-1", "[]"));
        await _door.ReadAsync("/agui", Input("t-2", "[]"));

        var (status, _) = await _door.AskAsync(HttpMethod.Post, "/agui/cancel", $$"""{"threadId":"t-2","runId":"{{asked[0].GetProperty("runId").GetString()}}"}""");

        Assert.That(status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(Outcome(await _door.ReadAsync("/agui", Input("t-1", "[]"))), Is.EqualTo("interrupt"), "It waits still.");
    }

    [Test]
    public async Task An_answer_shows_the_run_that_asked_and_not_the_newest()
    {
        var asked = await _door.ReadAsync("/agui", Input("t-1", "[]"));
        var interrupt = asked[^1].GetProperty("outcome").GetProperty("interrupts")[0].GetProperty("id").GetString();
        var session = (await _door.SessionsAsync())[0].GetProperty("sessionId").GetString()!;
        var newer = await _door.Host.StartAsync(session, """{"kind":"orchestrator"}""");

        var answered = await _door.ReadAsync("/agui", Input("t-1", "[]", $$""","resume":[{"interruptId":"{{interrupt}}","status":"resolved","payload":"history"}]"""));

        Assert.That(answered[0].GetProperty("runId").GetString(), Is.EqualTo(asked[0].GetProperty("runId").GetString()).And.Not.EqualTo(newer));
        Assert.That(Outcome(answered), Is.EqualTo("success"));
    }

    [Test]
    public async Task A_thread_is_called_as_its_client_calls_it()
    {
        await _door.ReadAsync("/agui", Input("t-1", """[{"id":"u1","role":"user","content":"history"}]"""));
        var session = (await _door.SessionsAsync())[0].GetProperty("sessionId").GetString()!;

        var frames = await _door.ReadAsync("/agui", Input(session, """[{"id":"u2","role":"user","content":"history"}]"""));

        Assert.That((frames[0].GetProperty("threadId").GetString(), frames[^1].GetProperty("threadId").GetString()), Is.EqualTo((session, session)));
        Assert.That((await _door.SessionsAsync()).GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_page_of_another_origin_cannot_send_what_is_not_json()
    {
        var (status, _) = await _door.AskAsync(HttpMethod.Post, "/agui", Input("t", "[]"), type: "text/plain");

        Assert.That(status, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    [Test]
    public async Task Threads_count_as_sessions_and_there_are_no_more_than_may_be()
    {
        await using var small = await DoorClient.StartAsync("--AgentHost:MaxSessions", "1");
        await small.ReadAsync("/agui", Input("t-1", """[{"id":"u1","role":"user","content":"history"}]"""));

        using var refused = await small.SendAsync(HttpMethod.Post, "/agui", Input("t-2", "[]"));

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(refused.Headers.RetryAfter, Is.Not.Null);
    }

    /// <summary>What is told of a thread follows what is published, a moment later.</summary>
    private async Task<IReadOnlyList<JsonElement>> ConnectUntilEndedAsync()
    {
        while (true)
        {
            var frames = await _door.ReadAsync("/agui/connect", """{"threadId":"t-1"}""");
            if (Outcome(frames) is not "interrupt")
            {
                return frames;
            }
        }
    }

    private static string Conversation(int characters) =>
        $$"""[{"id":"u0","role":"user","content":"{{new string('x', characters)}}"},{"id":"u1","role":"user","content":"history"}]""";

    private static string Input(string thread, string messages, string more = "") =>
        $$"""{"threadId":"{{thread}}","runId":"r","state":{},"messages":{{messages}},"tools":[],"context":[]{{more}}}""";

    private static string? Outcome(IReadOnlyList<JsonElement> frames) => frames[^1].GetProperty("outcome").GetProperty("type").GetString();

    private static string TextOf(IEnumerable<JsonElement> frames) =>
        string.Concat(frames.Where(static frame => frame.GetProperty("type").ValueEquals("TEXT_MESSAGE_CONTENT")).Select(static frame => frame.GetProperty("delta").GetString()));
}
