using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Mapping;

/// <summary>What AG-UI 1.0's and A2A 1.0's schemas allow beside the ordinary course.</summary>
internal sealed class ProtocolFactTests
{
    private const string Start = """{"type":"RUN_STARTED","threadId":"t1","runId":"u1"}""";

    [Test]
    public void A_subagent_that_is_suspended_goes_on_with_the_run()
    {
        var drafts = Mapped.DraftsOf(
            new AgUiEventMapper(Mapped.Options),
            Start,
            """{"type":"SUBAGENT_STARTED","subagentRunId":"s1","name":"reader"}""",
            """{"type":"SUBAGENT_FINISHED","subagentRunId":"s1","outcome":{"type":"suspended","interruptIds":["i"]}}""",
            """{"type":"RUN_FINISHED","outcome":{"type":"interrupt","interrupts":[{"id":"i","reason":"ok?"}]}}""",
            Start,
            """{"type":"SUBAGENT_STARTED","subagentRunId":"s1","name":"reader"}""",
            """{"type":"SUBAGENT_FINISHED","subagentRunId":"s1","outcome":{"type":"success"},"result":"ok"}""",
            """{"type":"RUN_FINISHED"}""");
        WellFormed.Check(drafts, "r");
        Assert.That(Mapped.Text(drafts.Where(static draft => draft.Source is "worker:s1")), Is.EqualTo(Wire.Lines(
            """run.start {"kind":"reader","attempt":1,"parent_run_id":"r"}""", """run.complete {"outcome":"success","duration":0,"result":"ok"}""")));
    }

    [Test]
    public void A_patch_of_the_whole_document_replaces_it() =>
        Assert.That(
            Mapped.Of(
                new AgUiEventMapper(Mapped.Options),
                Start,
                """{"type":"ACTIVITY_SNAPSHOT","messageId":"p","activityType":"x","content":{"fraction":0.1,"message":"old"}}""",
                """{"type":"ACTIVITY_DELTA","messageId":"p","activityType":"x","patch":[{"op":"replace","path":"","value":{"fraction":0.9}}]}""")[^1],
            Is.EqualTo("""progress {"stage":"x","fraction":0.9}"""));

    [Test]
    public void A_snapshot_of_an_activity_that_shall_not_replace_changes_nothing_that_is_there() =>
        Assert.That(
            Mapped.Of(
                new AgUiEventMapper(Mapped.Options),
                Start,
                """{"type":"ACTIVITY_SNAPSHOT","messageId":"p","activityType":"x","content":{"fraction":0.1}}""",
                """{"type":"ACTIVITY_SNAPSHOT","messageId":"p","activityType":"x","content":{"fraction":0.9},"replace":false}"""),
            Has.Length.EqualTo(3));

    [Test]
    public void A_message_of_a_subagent_in_a_snapshot_is_the_subagents() =>
        Assert.That(
            Mapped.DraftsOf(
                new AgUiEventMapper(Mapped.Options),
                Start,
                """{"type":"SUBAGENT_STARTED","subagentRunId":"s1","name":"reader"}""",
                """{"type":"MESSAGES_SNAPSHOT","messages":[{"id":"m","role":"assistant","content":"x","subagentRunId":"s1"}]}""")[^1].Source,
            Is.EqualTo("worker:s1"));

    [Test]
    public void A_task_that_is_read_again_says_only_what_is_new()
    {
        var mapper = new A2AEventMapper(Mapped.Options);
        _ = Mapped.Of(
            mapper,
            """{"task":{"id":"t1","status":{"state":"TASK_STATE_WORKING"}}}""",
            """{"artifactUpdate":{"taskId":"t1","artifact":{"artifactId":"done","parts":[{"text":"Done"}]},"lastChunk":true}}""",
            """{"artifactUpdate":{"taskId":"t1","artifact":{"artifactId":"open","parts":[{"text":"Ha"}]}}}""");
        Assert.That(
            Mapped.Of(
                mapper,
                """{"task":{"id":"t1","status":{"state":"TASK_STATE_WORKING"},"artifacts":[{"artifactId":"done","parts":[{"text":"Done"}]},{"artifactId":"open","parts":[{"text":"Half"}]},{"artifactId":"new","parts":[{"text":"N"}]}]}}""",
                """{"artifactUpdate":{"taskId":"t1","artifact":{"artifactId":"open","parts":[{"text":" more"}]},"append":true,"lastChunk":true}}"""),
            Is.EqualTo(Wire.Lines(
                """message.delta {"id":"open","text":"lf"}""",
                """message.start {"id":"new","role":"assistant"}""",
                """message.delta {"id":"new","text":"N"}""",
                """message.delta {"id":"open","text":" more"}""",
                """message.complete {"id":"open","role":"assistant","text":"Half more"}""")));
    }
}
