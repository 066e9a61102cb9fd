using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>A2A 1.0 streams, written from its proto's JSON.</summary>
internal sealed class A2AEventMapperTests
{
    private const string Task = """{"task":{"id":"t1","contextId":"c1","status":{"state":"TASK_STATE_SUBMITTED","timestamp":"2026-01-01T00:00:00Z"},"history":[{"messageId":"u1","role":"ROLE_USER","parts":[{"text":"why"}]}]}}""";

    [Test]
    public void A_task_with_artifacts_is_a_run_with_messages() =>
        Assert.That(
            Of(
                Task,
                Status("TASK_STATE_WORKING", """{"messageId":"m1","role":"ROLE_AGENT","parts":[{"text":"Reading"}]}"""),
                Artifact("""{"artifactId":"a1","name":"answer","parts":[{"text":"Be"}]}"""),
                Artifact("""{"artifactId":"a1","parts":[{"text":"cause"}]}""", append: true, last: true),
                Status("TASK_STATE_COMPLETED")),
            Is.EqualTo(Wire.Lines(
                """session.created {"thread_id":"c1"}""",
                """run.start {"kind":"a2a","input":{"messageId":"u1","role":"ROLE_USER","parts":[{"text":"why"}]},"attempt":1}""",
                """status {"message":"Reading"}""",
                """message.start {"id":"a1","role":"assistant"}""",
                """message.delta {"id":"a1","text":"Be"}""",
                """message.delta {"id":"a1","text":"cause"}""",
                """message.complete {"id":"a1","role":"assistant","text":"Because"}""",
                """run.complete {"outcome":"success","duration":0}""")));

    [Test]
    public void The_same_in_json_rpcs_envelope_is_the_same()
    {
        string[] plain = [Task, Status("TASK_STATE_WORKING", """{"messageId":"m1","role":"ROLE_AGENT","parts":[{"text":"Reading"}]}"""), Status("TASK_STATE_COMPLETED")];
        var wrapped = plain.Select(item => $$"""{"jsonrpc":"2.0","id":7,"result":{{item}}}""").ToArray();
        Assert.That(Of(wrapped), Is.EqualTo(Of(plain)));
    }

    [Test]
    public void The_form_before_1_0_is_read_as_well() =>
        Assert.That(
            Of(
                """{"kind":"task","id":"t1","contextId":"c1","status":{"state":"submitted"}}""",
                """{"kind":"artifact-update","taskId":"t1","contextId":"c1","artifact":{"artifactId":"a1","parts":[{"kind":"text","text":"Hi"}]},"lastChunk":true}""",
                """{"kind":"status-update","taskId":"t1","contextId":"c1","status":{"state":"completed"},"final":true}"""),
            Is.EqualTo(Wire.Lines(
                """session.created {"thread_id":"c1"}""",
                """run.start {"kind":"a2a","attempt":1}""",
                """message.start {"id":"a1","role":"assistant"}""",
                """message.delta {"id":"a1","text":"Hi"}""",
                """message.complete {"id":"a1","role":"assistant","text":"Hi"}""",
                """run.complete {"outcome":"success","duration":0}""")));

    [Test]
    public void A_message_alone_is_a_whole_run() =>
        Assert.That(Of("""{"message":{"messageId":"m1","contextId":"c1","role":"ROLE_AGENT","parts":[{"text":"Hi"}]}}"""), Is.EqualTo(Wire.Lines(
            """session.created {"thread_id":"c1"}""",
            """run.start {"kind":"a2a","attempt":1}""",
            """message.start {"id":"m1","role":"assistant"}""",
            """message.complete {"id":"m1","role":"assistant","text":"Hi"}""",
            """run.complete {"outcome":"success","duration":0}""")));

    [TestCase("TASK_STATE_COMPLETED", "run.complete {\"outcome\":\"success\",\"duration\":0}")]
    [TestCase("TASK_STATE_CANCELED", "run.complete {\"outcome\":\"cancelled\",\"duration\":0}")]
    [TestCase("TASK_STATE_FAILED", "error {\"code\":\"task_failed\",\"message\":\"The agent failed.\",\"recoverable\":false}")]
    [TestCase("TASK_STATE_REJECTED", "error {\"code\":\"task_rejected\",\"message\":\"The agent rejected the task.\",\"recoverable\":false}")]
    public void A_terminal_state_ends_the_run(string state, string expected)
    {
        var mapper = new A2AEventMapper(Mapped.Options);
        var drafts = Mapped.DraftsOf(mapper, Task, Artifact("""{"artifactId":"a1","parts":[{"text":"Half"}]}"""), Status(state), Status("TASK_STATE_WORKING"));

        Assert.That(Mapped.Text(drafts)[^1], Is.EqualTo(expected));
        Assert.That(mapper.State, Is.EqualTo(EventMapperState.Ended));
        WellFormed.Check(drafts, "r");
    }

    [Test]
    public void A_failure_says_why() =>
        Assert.That(
            Of(Task, Status("TASK_STATE_FAILED", """{"messageId":"m1","role":"ROLE_AGENT","parts":[{"text":"No key"},{"data":{"at":1}}]}"""))[^1],
            Is.EqualTo("""error {"code":"task_failed","message":"No key","recoverable":false,"details":{"at":1}}"""));

    [Test]
    public void A_last_message_is_one_and_is_not_said_twice() =>
        Assert.That(
            Of(Task, Status("TASK_STATE_COMPLETED", """{"messageId":"m1","role":"ROLE_AGENT","parts":[{"text":"Done"}]}"""))[2..],
            Is.EqualTo(Wire.Lines(
                """message.start {"id":"m1","role":"assistant"}""",
                """message.complete {"id":"m1","role":"assistant","text":"Done"}""",
                """run.complete {"outcome":"success","duration":0}""")));

    [Test]
    public void Input_required_asks_and_waits_and_the_task_goes_on()
    {
        var mapper = new A2AEventMapper(Mapped.Options);
        var first = Mapped.Of(mapper, Task, Status("TASK_STATE_INPUT_REQUIRED", """{"messageId":"m1","role":"ROLE_AGENT","parts":[{"text":"Which?"},{"data":{"schema":{"type":"string"}}}]}"""));
        Assert.That(first[2..], Is.EqualTo(Wire.Lines("""input.requested {"id":"m1","prompt":"Which?","schema":{"type":"string"}}""")));
        Assert.That(mapper.State, Is.EqualTo(EventMapperState.Waiting));

        Assert.That(Mapped.Of(mapper, Status("TASK_STATE_WORKING"), Status("TASK_STATE_COMPLETED")), Is.EqualTo(Wire.Lines(
            """input.received {"id":"m1","value":{}}""",
            """run.complete {"outcome":"success","duration":0}""")));
    }

    [Test]
    public void Auth_required_asks_for_credentials_and_waits()
    {
        var mapper = new A2AEventMapper(Mapped.Options);
        var drafts = Mapped.Of(mapper, Task, Status("TASK_STATE_AUTH_REQUIRED", """{"messageId":"m1","role":"ROLE_AGENT","parts":[{"text":"Sign in"}],"metadata":{"provider":"mail"}}"""));

        Assert.That(drafts[^1], Is.EqualTo("""credentials.required {"provider":"mail","message":"Sign in"}"""));
        Assert.That(mapper.State, Is.EqualTo(EventMapperState.Waiting));
    }

    [Test]
    public void Data_that_says_how_much_is_done_is_progress() =>
        Assert.That(
            Of(Task, Status("TASK_STATE_WORKING", """{"messageId":"m","role":"ROLE_AGENT","parts":[{"data":{"stage":"reading","fraction":0.5}}]}"""))[^1],
            Is.EqualTo("""progress {"stage":"reading","fraction":0.5}"""));

    [Test]
    public void Artifacts_that_are_no_text_are_the_result() =>
        Assert.That(
            Of(
                Task,
                Artifact("""{"artifactId":"a1","name":"report","parts":[{"data":{"n":1}},{"url":"https://x/y.png","mediaType":"image/png","filename":"y.png"}]}""", last: true),
                Status("TASK_STATE_COMPLETED"))[^1],
            Is.EqualTo("""run.complete {"outcome":"success","duration":0,"result":[{"artifact_id":"a1","name":"report","data":{"n":1}},{"artifact_id":"a1","name":"report","filename":"y.png","media_type":"image/png","url":"https://x/y.png"}]}"""));

    [Test]
    public void An_artifact_that_is_sent_anew_is_another_message() =>
        Assert.That(
            Of(Task, Artifact("""{"artifactId":"a1","parts":[{"text":"Wrong"}]}"""), Artifact("""{"artifactId":"a1","parts":[{"text":"Right"}]}""", last: true))[2..],
            Is.EqualTo(Wire.Lines(
                """message.start {"id":"a1","role":"assistant"}""",
                """message.delta {"id":"a1","text":"Wrong"}""",
                """message.complete {"id":"a1","role":"assistant","text":"Wrong"}""",
                """message.start {"id":"a1-2","role":"assistant"}""",
                """message.delta {"id":"a1-2","text":"Right"}""",
                """message.complete {"id":"a1-2","role":"assistant","text":"Right"}""")));

    [Test]
    public void A_json_rpc_error_fails_the_run() =>
        Assert.That(
            Of("""{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"Task not found","data":{"taskId":"t1"}}}"""),
            Is.EqualTo(Wire.Lines(
                """run.start {"kind":"agent","attempt":1}""",
                """error {"code":"-32001","message":"Task not found","recoverable":false,"details":{"taskId":"t1"}}""")));

    [Test]
    public void A_part_of_a_sessions_work_makes_no_session()
    {
        var options = Mapped.Options;
        options.ParentRunId = "r0";
        options.Source = "worker:1";
        Assert.That(
            Mapped.Of(new A2AEventMapper(options), """{"task":{"id":"t1","contextId":"c1","status":{"state":"TASK_STATE_WORKING"}}}"""),
            Is.EqualTo(Wire.Lines("""run.start {"kind":"a2a","attempt":1,"parent_run_id":"r0"}""")));
    }

    private static string[] Of(params string[] events) => Mapped.Of(new A2AEventMapper(Mapped.Options), events);

    private static string Status(string state, string? message = null) =>
        """{"statusUpdate":{"taskId":"t1","contextId":"c1","status":{"state":""" + $"\"{state}\"{(message is null ? string.Empty : ",\"message\":" + message)}" + "}}}";

    private static string Artifact(string artifact, bool append = false, bool last = false) =>
        """{"artifactUpdate":{"taskId":"t1","contextId":"c1","artifact":""" + artifact + (append ? ",\"append\":true" : string.Empty) + (last ? ",\"lastChunk\":true" : string.Empty) + "}}";
}
