using System.Text.Json;
using EventStreaming.Agents.Tests.Protocols.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols.AiSdk;

internal sealed class AiSdkRuleTests
{
    private static IEnumerable<string> Names => Scenarios.All.Keys;

    [Test]
    public async Task Whatever_is_published_and_wherever_one_joins_the_stream_is_one_of_the_AI_SDK() =>
        await Streams.ForEachAsync(1_000, static snapshots => new AiSdkProtocol(snapshots), static messages => new AiSdkChecker().Check(messages));

    [Test]
    public async Task The_version_is_in_the_header()
    {
        await using var script = new TopicScript();
        Assert.That(new AiSdkProtocol(new FoldedSnapshots(script)).Headers["x-vercel-ai-ui-message-stream"], Is.EqualTo("v1"));
    }

    [Test]
    public async Task A_resumed_stream_begins_with_the_message_and_comes_to_the_same_text([ValueSource(nameof(Names))] string name)
    {
        await using var script = new TopicScript();
        var first = new ProtocolViewer(script.Bus, new AiSdkProtocol(new FoldedSnapshots(script, 0)));
        Scenarios.All[name](script);
        var texts = TextsOf(first.Messages);
        for (var place = 1; place <= script.Published.Count; place++)
        {
            var late = new ProtocolViewer(script.Bus, new AiSdkProtocol(new FoldedSnapshots(script, place)));
            Assert.That(late.Messages[0], Does.StartWith("""{"type":"start","messageId":"run-1","""));
            Assert.That(late.Messages[^1], Is.EqualTo("[DONE]"));
            if (name is not "approval")
            {
                Assert.That(TextsOf(late.Messages), Is.EqualTo(texts));
            }
        }
    }

    [Test]
    public async Task A_resumed_stream_has_texts_tools_and_sources_in_their_order_and_each_once()
    {
        await using var script = new TopicScript();
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "I look."));
        script.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(Scenarios.Call, "search"));
        script.Publish(AgentEvents.MessageDelta, new MessageDelta("m2", "Meanwhile"));
        script.Publish(AgentEvents.KnowledgeRetrieved, new KnowledgeRetrieved("k1", 1, Sources: [new KnowledgeSource("d1", "Readme")]));
        script.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(Scenarios.Call, Summary: "Found."));
        var viewer = new ProtocolViewer(script.Bus, new AiSdkProtocol(new FoldedSnapshots(script, 6)));
        script.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(Scenarios.Call, "search"));
        script.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(Scenarios.Call, Summary: "Found again."));
        Assert.That(
            viewer.Messages.Skip(2).Select(static message => Scenarios.Json(message).GetProperty("type").GetString()),
            Is.EqualTo([
                "text-start", "text-delta", "text-end", "tool-input-start", "tool-input-available", "tool-output-available", "text-start", "text-delta", "source-document", "data-retrieval",
            ]));
    }

    [Test]
    public async Task What_is_missing_of_a_text_comes_with_its_end([Values] bool startIsMissing)
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new AiSdkProtocol(new FoldedSnapshots(script, 0)), configure: static options =>
        {
            options.OnNormalOverflow = NormalOverflow.Drop;
            options.Capacity = 8;
        });
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        if (!startIsMissing)
        {
            script.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "0 "));
            _ = viewer.Messages;
        }

        for (var i = 0; i < 20; i++)
        {
            script.Publish(AgentEvents.Status, new Status("Noise"));
        }

        script.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "1 "));
        _ = viewer.Messages;
        script.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "2 "));
        _ = viewer.Messages;
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "0 1 2 3"));
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
        Assert.That(new AiSdkChecker().Check(viewer.Messages).Texts["m1"], Is.EqualTo(["0 1 2 3"]));
        Assert.That(viewer.Messages, Has.Some.StartsWith("""{"type":"data-gap","transient":true,"""));
    }

    [Test]
    public async Task A_text_that_was_written_anew_comes_as_another_part()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new AiSdkProtocol(new FoldedSnapshots(script, 0)));
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "Draft"));
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "Whole text"));
        Assert.That(new AiSdkChecker().Check(viewer.Messages).Texts["m1"], Is.EqualTo(["Draft", "Whole text"]));
    }

    [Test]
    public async Task The_request_that_answers_an_approval_goes_on_where_the_stream_stopped()
    {
        await using var script = new TopicScript();
        var protocol = new AiSdkProtocol(new FoldedSnapshots(script, 0));
        var first = new ProtocolViewer(script.Bus, protocol);
        Scenarios.Approval(script);
        var before = new AiSdkChecker().Check(first.Messages);
        Assert.That(before.IsDone);

        using var finish = JsonDocument.Parse(first.Messages[^2]);
        var next = new AiSdkProtocol(new FoldedSnapshots(script)).Continue(finish.RootElement.GetProperty("messageMetadata"));
        var second = new ProtocolViewer(script.Bus, next!, "run-1");
        var after = new AiSdkChecker(Scenarios.Call.ToString()).Check(second.Messages);
        Assert.That(after.IsDone);
        Assert.That(string.Concat(before.Texts["m1"].Concat(after.Texts["m1"])), Is.EqualTo("I delete it."));
        Assert.That(second.Messages, Has.One.Contains("Deleted."));
    }

    [Test]
    public async Task Approval_is_asked_for_when_no_other_call_is_at_work()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new AiSdkProtocol(new FoldedSnapshots(script, 0)));
        var other = Guid.CreateVersion7();
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(Scenarios.Call, "delete"));
        script.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(other, "search"));
        script.Publish(AgentEvents.InputRequested, new InputRequested("q1", "May I?", null, Scenarios.Call));
        Assert.That(viewer.Messages, Has.None.Contains("tool-approval-request"));
        Assert.That(viewer.IsOver, Is.False);
        script.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(other, Summary: "Found."));
        Assert.That(viewer.Messages, Has.One.Contains("tool-approval-request"));
        Assert.That(new AiSdkChecker().Check(viewer.Messages).IsDone);
    }

    [Test]
    public async Task Approval_that_somebody_has_given_meanwhile_is_not_asked_for()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new AiSdkProtocol(new FoldedSnapshots(script, 0)));
        var other = Guid.CreateVersion7();
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(Scenarios.Call, "delete"));
        script.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(other, "search"));
        script.Publish(AgentEvents.InputRequested, new InputRequested("q1", "May I?", null, Scenarios.Call));
        script.Publish(AgentEvents.InputReceived, new InputReceived("q1", Scenarios.Json("true")));
        script.Publish(AgentEvents.ToolCallComplete, new ToolCallCompleted(other));
        Assert.That(viewer.Messages, Has.None.Contains("tool-approval-request"));
        Assert.That(viewer.IsOver, Is.False);
    }

    [TestCase("{}")]
    [TestCase("null")]
    [TestCase("""{"eventstreaming":{"cursor":"!start"}}""")]
    [TestCase("""{"eventstreaming":{"cursor":7}}""")]
    [TestCase("""{"eventstreaming":[]}""")]
    public async Task Metadata_without_a_place_is_no_place(string metadata)
    {
        await using var script = new TopicScript();
        Assert.That(new AiSdkProtocol(new FoldedSnapshots(script)).Continue(Scenarios.Json(metadata)), Is.Null);
    }

    [Test]
    public async Task A_place_that_somebody_made_up_does_no_harm()
    {
        await using var script = new TopicScript();
        Scenarios.Tools(script);
        var metadata = Scenarios.Json($$$"""{"eventstreaming":{"cursor":"{{{script.Published[0].Cursor}}}","texts":{"m1":999999,"m2":-1,"m3":"x"},"tools":[1,"no"]}}""");
        var viewer = new ProtocolViewer(script.Bus, new AiSdkProtocol(new FoldedSnapshots(script)).Continue(metadata)!);
        Assert.That(new AiSdkChecker("no").Check(viewer.Messages).IsDone);
    }

    [Test]
    public async Task Approval_of_a_call_that_is_not_in_the_message_is_asked_for_in_a_part_of_its_own()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new AiSdkProtocol(new FoldedSnapshots(script, 0)));
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.InputRequested, new InputRequested("q1", "May I?", null, Scenarios.Call), source: "worker:1");
        Assert.That(viewer.Messages, Has.None.Contains("tool-approval-request").And.Some.Contains("data-input-request"));
        Assert.That(viewer.IsOver, Is.False);
    }

    [Test]
    public async Task What_a_person_asks_is_no_part_of_the_assistants_message()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new AiSdkProtocol(new FoldedSnapshots(script, 0)));
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.MessageStart, new MessageStarted("u1", "user"));
        script.Publish(AgentEvents.MessageDelta, new MessageDelta("u1", "Hello"));
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("u1", "user", "Hello"));
        Assert.That(viewer.Messages, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_stream_that_is_cut_does_not_look_like_the_messages_end()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new AiSdkProtocol(new FoldedSnapshots(script, 0)));
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        _ = viewer.Messages;
        viewer.Close(EndReason.HostStopping);
        Assert.That(viewer.Messages.TakeLast(2), Is.EqualTo(
            ["""{"type":"error","errorText":"The stream has ended before the message (HostStopping). Resume it."}""", "[DONE]"]));
    }

    [Test]
    public async Task There_is_a_stream_to_resume_while_a_run_is_at_work()
    {
        await using var script = new TopicScript();
        var protocol = new AiSdkProtocol(new FoldedSnapshots(script));
        Assert.That(protocol.CanResume(TopicScript.Topic), Is.False);
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        Assert.That(protocol.CanResume(TopicScript.Topic));
        Assert.That(protocol.CanResume(TopicScript.Topic, "run-1"));
        Assert.That(protocol.CanResume(TopicScript.Topic, "run-2"), Is.False);
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
        Assert.That(protocol.CanResume(TopicScript.Topic), Is.False);
    }

    private static Dictionary<string, string> TextsOf(IEnumerable<string> messages) =>
        new AiSdkChecker().Check(messages).Texts.ToDictionary(static text => text.Key, static text => string.Concat(text.Value), StringComparer.Ordinal);
}
