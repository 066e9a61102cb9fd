using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

/// <summary>What is too large for the bus is refused at the call, and changes nothing: the run goes on, and ends.</summary>
internal sealed class AgentRunSizeTests
{
    private static readonly string s_large = new('x', 4_000);

    private static readonly (string Call, Action<AgentRun> Act)[] s_calls =
    [
        ("Complete", static run => run.Complete(RunRecorder.Json($"\"{s_large}\""))),
        ("Cancel", static run => run.Cancel(RunRecorder.Json($"\"{s_large}\""))),
        ("Fail", static run => run.Fail("code", s_large)),
        ("Fail an exception", static run => run.Fail(new AgentRunException(s_large))),
        ("StartStep", static run => run.StartStep(s_large)),
        ("Fail of a step", static run => run.StartStep("Read").Fail("code", s_large)),
        ("StartTool", static run => run.StartTool("search", RunRecorder.Json($"\"{s_large}\""))),
        ("Progress of a tool call", static run => run.StartTool("search").Progress(s_large, 0.5)),
        ("Complete of a tool call", static run => run.StartTool("search").Complete(s_large)),
        ("Fail of a tool call", static run => run.StartTool("search").Fail(s_large)),
        ("AddSubStep", static run => run.StartTool("search").AddSubStep(RunRecorder.Json($"\"{s_large}\""))),
        ("AddVisualization", static run => run.StartTool("search").AddVisualization(RunRecorder.Json($"\"{s_large}\""))),
        ("StartRetrieval", static run => run.StartRetrieval([s_large])),
        ("Complete of a retrieval", static run => run.StartRetrieval(["docs"]).Complete(1, sources: [new KnowledgeSource("d-1", s_large)])),
        ("Fail of a retrieval", static run => run.StartRetrieval(["docs"]).Fail("code", s_large)),
        ("StartWorker", static run => run.StartWorker("1", "scan", new AgentRunOptions { Input = RunRecorder.Json($"\"{s_large}\"") })),
        ("Report", static run => run.StartWorker("1", "scan").Report(s_large)),
        ("Status", static run => run.Status(s_large)),
        ("Warn", static run => run.Warn("code", s_large)),
        ("Progress", static run => run.Progress(0.5, message: s_large)),
        ("SubstituteVariables", static run => run.SubstituteVariables(new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = s_large })),
        ("RequestInputAsync", static run => _ = run.RequestInputAsync(s_large)),
        ("Pause", static run => run.Pause(s_large)),
        ("Publish", static run => run.Publish(AgentEvents.CredentialsRequired, new CredentialsRequired(s_large))),
        ("Append", static run =>
        {
            using var message = run.StartMessage();
            message.Append("a");
            message.Append(s_large);
        }),
        ("Complete of a message", static run =>
        {
            using var message = run.StartMessage();
            message.Append("a");
            message.Complete(s_large);
        }),
        ("Append of a thought", static run => run.StartReasoning().Append(s_large)),
    ];

    [TestCaseSource(nameof(Calls))]
    public async Task What_is_too_large_is_refused_and_changes_nothing(int index)
    {
        await using var recorder = new RunRecorder(new EventStreamingOptions { MaxEventBytes = 4_096 });
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { MaxToolCallBytes = 2_048 });

        Assert.That(() => s_calls[index].Act(run), Throws.ArgumentException);

        Assert.That(run.IsEnded, Is.False);
        run.Status("still here");
        run.Pause().Dispose();
        run.Progress(1);
        run.Complete();
        Assert.That(RunAudit.Check(recorder.Events), Is.Empty);
        Assert.That(recorder.Types[^1], Is.EqualTo("run.complete"));
    }

    [Test]
    public async Task A_report_of_progress_that_was_held_back_and_is_too_large_is_told_without_its_words_and_holds_up_nobody()
    {
        var clock = new ManualTimeProvider();
        await using var recorder = new RunRecorder(new EventStreamingOptions { MaxEventBytes = 1_024 });
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { TimeProvider = clock });

        run.Progress(0.1, "reading");
        run.Progress(0.2, "reading", s_large);
        Assert.That(() => run.Progress(0.3, "writing"), Throws.Nothing);

        Assert.That(
            recorder.All<Progress>().Select(static told => (told.Stage, told.Fraction, told.Message)),
            Is.EqualTo(new[] { ("reading", 0.1, (string?)null), ("reading", 0.2, null), ("writing", 0.3, null) }));
    }

    [Test]
    public async Task A_long_thought_is_told_in_pieces()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { MaxMessageLength = 16 });

        run.StartReasoning().Append(new string('x', 15) + "\ud83d\ude00" + new string('y', 20));

        Assert.That(
            recorder.All<ReasoningDelta>().Select(static delta => delta.Text),
            Is.EqualTo(new[] { new string('x', 15), "\ud83d\ude00" + new string('y', 14), new string('y', 6) }));
    }

    private static IEnumerable<TestCaseData> Calls() => s_calls.Select(static (call, i) => new TestCaseData(i).SetArgDisplayNames($"{call.Call} {i}"));
}
