using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

internal sealed class AgentRunMisuseTests
{
    private static readonly (string Call, Action<AgentRun> Act)[] s_calls =
    [
        ("Complete", static run => run.Complete()),
        ("Cancel", static run => run.Cancel()),
        ("Fail", static run => run.Fail("code", "message")),
        ("StartStep", static run => run.StartStep("Read")),
        ("StartTool", static run => run.StartTool("search")),
        ("StartMessage", static run => run.StartMessage()),
        ("StartReasoning", static run => run.StartReasoning()),
        ("StartRetrieval", static run => run.StartRetrieval(["docs"])),
        ("StartWorker", static run => run.StartWorker("1", "scan")),
        ("Status", static run => run.Status("Reading")),
        ("Warn", static run => run.Warn("code", "message")),
        ("Progress", static run => run.Progress(0.5)),
        ("Progress", static run => run.ProgressRange().Report(0.5)),
        ("AddUsage", static run => run.AddUsage(1, 1)),
        ("SubstituteVariables", static run => run.SubstituteVariables(new Dictionary<string, string>(StringComparer.Ordinal))),
        ("RequestInputAsync", static run => _ = run.RequestInputAsync("Go on?")),
        ("Pause", static run => run.Pause()),
        ("Publish", static run => run.Publish(AgentEvents.ContextUsage, new ContextUsage(1))),
    ];

    [TestCaseSource(nameof(Calls))]
    public async Task A_run_that_has_ended_refuses_at_the_call_and_says_which_and_how_it_ended(int index)
    {
        var (call, act) = s_calls[index];
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { RunId = "r-1" });
        run.Fail("disk_full", "The disk is full.");

        Assert.That(() => act(run), Throws.InvalidOperationException.With.Message.Contains("r-1").And.Message.Contains(call + " needs").And.Message.Contains("disk_full"));
        Assert.That(recorder.Story, Is.EqualTo("run.start error"));
    }

    [Test]
    public async Task A_part_that_has_ended_refuses_at_the_call()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var (step, tool, message, retrieval) = (run.StartStep("Read"), run.StartTool("search"), run.StartMessage(), run.StartRetrieval(["docs"]));
        message.Append("Hello");
        step.Complete();
        tool.Complete();
        message.Complete();
        retrieval.Complete(0);
        var told = recorder.Story;

        Assert.Multiple(() =>
        {
            Assert.That(() => step.Complete(), Throws.InvalidOperationException.With.Message.Contains("StartStep"));
            Assert.That(() => step.Fail("a", "b"), Throws.InvalidOperationException);
            Assert.That(() => step.AddUsage(1, 1), Throws.InvalidOperationException);
            Assert.That(() => tool.Complete(), Throws.InvalidOperationException.With.Message.Contains("StartTool"));
            Assert.That(() => tool.Fail("a"), Throws.InvalidOperationException);
            Assert.That(() => tool.Progress("a"), Throws.InvalidOperationException);
            Assert.That(() => tool.MarkAction("a"), Throws.InvalidOperationException);
            Assert.That(() => tool.AddSubStep(RunRecorder.Json("1")), Throws.InvalidOperationException);
            Assert.That(() => tool.AddVisualization(RunRecorder.Json("1")), Throws.InvalidOperationException);
            Assert.That(() => tool.StartTool("inner"), Throws.InvalidOperationException);
            Assert.That(() => message.Append("a"), Throws.InvalidOperationException.With.Message.Contains("StartMessage"));
            Assert.That(() => message.Complete(), Throws.InvalidOperationException);
            Assert.That(() => retrieval.Complete(1), Throws.InvalidOperationException.With.Message.Contains("StartRetrieval"));
            Assert.That(() => retrieval.Fail("a", "b"), Throws.InvalidOperationException);
            Assert.That(step.Dispose, Throws.Nothing);
            Assert.That(tool.Dispose, Throws.Nothing);
            Assert.That(message.Dispose, Throws.Nothing);
            Assert.That(retrieval.Dispose, Throws.Nothing);
            Assert.That(recorder.Story, Is.EqualTo(told));
        });
    }

    [Test]
    public async Task What_a_run_tells_itself_cannot_be_published_past_it()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        Assert.That(() => run.Publish(AgentEvents.RunComplete, new RunCompleted(RunOutcome.Success)), Throws.ArgumentException.With.Message.Contains("use Complete"));
        Assert.That(() => run.Publish(AgentEvents.MessageDelta, new MessageDelta("1", "a")), Throws.ArgumentException.With.Message.Contains("Append"));
        Assert.That(recorder.Story, Is.EqualTo("run.start"));
    }

    [Test]
    public async Task A_type_of_ones_own_that_would_end_the_topic_cannot_be_published_by_a_run()
    {
        var done = new EventTypeDescriptor<Status>("my.done") { Terminal = true };
        await using var bus = new EventBus(catalog: EventCatalog.Combine(AgentEvents.Catalog, new EventCatalog(done)));
        await using var run = bus.StartRun(RunRecorder.Topic, "index");

        Assert.That(() => run.Publish(done, new Status("done")), Throws.ArgumentException.With.Message.Contains("end the topic"));
    }

    [Test]
    public async Task Anything_else_is_published_as_the_runs()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { RunId = "r-1", Source = "queen", CorrelationId = "c-1" });

        var told = run.Publish(AgentEvents.CredentialsRequired, new CredentialsRequired("git"), "parent-1");

        Assert.That((told.RunId, told.Source, told.CorrelationId, told.ParentId), Is.EqualTo(("r-1", "queen", "c-1", "parent-1")));
    }

    [Test]
    public async Task A_bus_that_does_not_know_the_types_is_refused()
    {
        await using var bus = new EventBus();

        Assert.That(() => bus.StartRun(RunRecorder.Topic, "index"), Throws.ArgumentException.With.Message.Contains("catalog"));
    }

    [Test]
    public async Task An_option_out_of_its_range_is_named()
    {
        await using var recorder = new RunRecorder();

        Assert.Multiple(() =>
        {
            foreach (var (name, options) in new (string, AgentRunOptions)[]
            {
                ("RunId", new() { RunId = "" }),
                ("Attempt", new() { Attempt = 0 }),
                ("TotalSteps", new() { TotalSteps = 0 }),
                ("MaxMessageLength", new() { MaxMessageLength = 15 }),
                ("MaxToolCallBytes", new() { MaxToolCallBytes = 63 }),
                ("MaxOpenParts", new() { MaxOpenParts = 0 }),
                ("ProgressInterval", new() { ProgressInterval = TimeSpan.FromTicks(-1) }),
            })
            {
                Assert.That(() => recorder.Bus.StartRun(RunRecorder.Topic, "index", options), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(name));
            }
        });
        Assert.That(recorder.Events, Is.Empty);
    }

    [Test]
    public async Task Only_a_worker_reports()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        Assert.That(() => run.Report("3 files"), Throws.InvalidOperationException.With.Message.Contains("StartWorker"));
    }

    private static IEnumerable<TestCaseData> Calls() => s_calls.Select(static (call, i) => new TestCaseData(i).SetArgDisplayNames($"{call.Call} {i}"));
}
