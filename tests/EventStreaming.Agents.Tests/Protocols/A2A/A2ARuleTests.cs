using EventStreaming.Agents.Tests.Protocols.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols.A2A;

internal sealed class A2ARuleTests
{
    private static IEnumerable<string> Names => Scenarios.All.Keys;

    [Test]
    public async Task Whatever_is_published_and_wherever_one_joins_the_stream_is_one_of_A2A() =>
        await Streams.ForEachAsync(1_000, static snapshots => new A2AProtocol(snapshots), static messages => A2AChecker.Check(messages));

    [Test]
    public async Task The_version_is_in_the_header()
    {
        await using var script = new TopicScript();
        Assert.That(new A2AProtocol(new FoldedSnapshots(script)).Headers["A2A-Version"], Is.EqualTo("1.0"));
    }

    [Test]
    public async Task There_is_no_kind_and_no_final_in_a_frame([ValueSource(nameof(Names))] string name)
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script, 0)));
        Scenarios.All[name](script);
        Assert.That(A2AChecker.Check(viewer.Messages).State, Is.Not.Null);
        Assert.That(viewer.Messages, Has.None.Contains("\"final\"").And.None.StartsWith("{\"kind\""));
    }

    [Test]
    public async Task Every_stream_has_the_same_events_in_the_same_order([ValueSource(nameof(Names))] string name)
    {
        await using var script = new TopicScript();
        Scenarios.All[name](script);
        for (var place = 1; place < script.Published.Count; place++)
        {
            if (script.Published[place].Type is "input.requested")
            {
                // The one who came before it sees no more.
                continue;
            }

            var late = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script, place)));
            var later = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script, place + 1)));

            // The one who came later has the same, but for the task as it stands in place of what had come before.
            var tail = later.Messages.Skip(1).ToList();
            Assert.That(late.Messages.Count, Is.GreaterThanOrEqualTo(tail.Count));
            Assert.That(late.Messages.TakeLast(tail.Count), Is.EqualTo(tail));
        }
    }

    [Test]
    public async Task A_slow_stream_is_not_spared_what_is_not_the_newest()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script, 0)));
        Assert.That(viewer.Options, Has.Property("LatestWins").False.And.Property("OnNormalOverflow").EqualTo(NormalOverflow.CatchUp));
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.Progress, new Progress("reading", 0.25));
        script.Publish(AgentEvents.Progress, new Progress("reading", 0.5));
        Assert.That(viewer.Messages, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task A_gap_closes_the_stream_so_that_the_client_subscribes_again_to_the_task_as_it_stands()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script, 0)), configure: static options =>
        {
            options.OnNormalOverflow = NormalOverflow.Drop;
            options.Capacity = 4;
        });
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        for (var i = 0; i < 10; i++)
        {
            script.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", $"{i} "));
        }

        Assert.That(viewer.Messages[^1], Does.Contain("artifactUpdate"));
        Assert.That(viewer.IsOver);
        var again = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script)));
        Assert.That(again.Messages.Single(), Does.Contain("""[{"artifactId":"m1","parts":[{"text":"0 1 2 3 4 5 6 7 8 9 "}]}]"""));
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "0 1 2 3 4 5 6 7 8 9 10"));
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
        Assert.That(A2AChecker.Check(again.Messages).Texts["m1"], Is.EqualTo("0 1 2 3 4 5 6 7 8 9 10"));
    }

    [Test]
    public async Task What_a_tool_call_has_shown_is_an_artifact_of_the_task_and_is_not_sent_again()
    {
        await using var script = new TopicScript();
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.ToolCallStart, new ToolCallStarted(Scenarios.Call, "search"));
        var ended = new ToolCallCompleted(Scenarios.Call, Visualizations: [Scenarios.Json("1")]);
        script.Publish(AgentEvents.ToolCallComplete, ended);
        var viewer = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script, 3)));
        script.Publish(AgentEvents.ToolCallComplete, ended);
        Assert.That(viewer.Messages[0], Does.Contain($$"""[{"artifactId":"{{Scenarios.Call}}","parts":[{"data":1}]}]"""));
        Assert.That(viewer.Messages, Has.None.Contains("artifactUpdate"));
    }

    [Test]
    public async Task A_stream_closes_where_input_is_required_and_one_that_begins_there_sees_it_answered()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script, 0)));
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.InputRequested, new InputRequested("q1", "Which?"));
        Assert.That(A2AChecker.Check(viewer.Messages).State, Is.EqualTo("TASK_STATE_INPUT_REQUIRED"));
        Assert.That(viewer.IsOver);

        var again = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script)));
        script.Publish(AgentEvents.Status, new Status("Waiting"));
        Assert.That(A2AChecker.Check(again.Messages).State, Is.EqualTo("TASK_STATE_INPUT_REQUIRED"));
        script.Publish(AgentEvents.InputReceived, new InputReceived("q1", Scenarios.Json("1")), run: null);
        Assert.That(A2AChecker.Check(again.Messages).State, Is.EqualTo("TASK_STATE_WORKING"));
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
        Assert.That(A2AChecker.Check(again.Messages).State, Is.EqualTo("TASK_STATE_COMPLETED"));
    }

    [Test]
    public async Task A_stream_stays_open_where_credentials_are_required()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script, 0)));
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.CredentialsRequired, new CredentialsRequired("github"));
        Assert.That(A2AChecker.Check(viewer.Messages).State, Is.EqualTo("TASK_STATE_AUTH_REQUIRED"));
        Assert.That(viewer.IsOver, Is.False);
    }

    [Test]
    public async Task A_text_that_was_written_anew_replaces_the_artifact()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script, 0)));
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.MessageDelta, new MessageDelta("m1", "Draft"));
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "The final text"));
        Assert.That(A2AChecker.Check(viewer.Messages).Texts["m1"], Is.EqualTo("The final text"));
    }

    [Test]
    public async Task Two_runs_at_once_are_two_tasks()
    {
        await using var script = new TopicScript();
        var protocol = new A2AProtocol(new FoldedSnapshots(script, 0));
        var one = new ProtocolViewer(script.Bus, protocol, "run-1");
        var two = new ProtocolViewer(script.Bus, protocol, "run-2");
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"), "run-1");
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"), "run-2");
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("m1", "assistant", "One"), "run-1");
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success), "run-1");
        script.Publish(AgentEvents.MessageComplete, new MessageCompleted("m2", "assistant", "Two"), "run-2");
        Assert.That(A2AChecker.Check(one.Messages).Texts.Keys, Is.EqualTo(["m1"]));
        Assert.That(A2AChecker.Check(two.Messages).Texts.Keys, Is.EqualTo(["m2"]));
        Assert.That((one.IsOver, two.IsOver), Is.EqualTo((true, false)));
    }

    [Test]
    public async Task The_end_of_a_worker_that_names_the_run_it_works_for_does_not_end_the_task()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script, 0)), "run-1");
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success), source: "worker:1");
        Assert.That(A2AChecker.Check(viewer.Messages).State, Is.EqualTo("TASK_STATE_WORKING"));
        Assert.That(viewer.IsOver, Is.False);
    }

    [Test]
    public async Task An_event_that_cannot_be_written_leaves_its_state_and_the_stream_goes_on()
    {
        await using var script = new TopicScript();
        var viewer = new ProtocolViewer(script.Bus, new A2AProtocol(new FoldedSnapshots(script, 0)));
        script.Publish(AgentEvents.RunStart, new RunStarted("chat"));
        script.Publish("app.custom", new CountingPayload { Fails = true });
        script.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success));
        Assert.That(A2AChecker.Check(viewer.Messages).State, Is.EqualTo("TASK_STATE_COMPLETED"));
        Assert.That(viewer.Messages, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task The_task_of_a_run_is_there_to_be_asked_for()
    {
        await using var script = new TopicScript();
        Scenarios.Simple(script);
        var protocol = new A2AProtocol(new FoldedSnapshots(script));
        var viewer = new ProtocolViewer(script.Bus, protocol, "run-1");
        Assert.That($$"""{"task":{{System.Text.Encoding.UTF8.GetString(protocol.GetTask(TopicScript.Topic, "run-1")!)}}}""", Is.EqualTo(viewer.Messages.Single()));
        Assert.That(viewer.IsOver);
        Assert.That(protocol.GetTask(TopicScript.Topic, "run-9"), Is.Null);
    }

    [Test]
    public async Task Only_an_id_of_JSON_RPC_is_taken_for_one()
    {
        await using var script = new TopicScript();
        var protocol = new A2AProtocol(new FoldedSnapshots(script));
        Assert.That(() => protocol.ForJsonRpc(Scenarios.Json("[]")), Throws.ArgumentException);
        Assert.That(() => protocol.ForJsonRpc(default), Throws.ArgumentException);
        Assert.That(() => protocol.ForJsonRpc(Scenarios.Json("null")), Throws.Nothing);
    }
}
