using EventStreaming.Agents.Serialization;
using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Tools;

internal sealed class AgentToolCallTests
{
    [Test]
    public async Task One_complete_has_all_that_is_known_of_a_call()
    {
        var clock = new ManualTimeProvider();
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { TimeProvider = clock });

        var call = run.StartTool("search", new Status("files"), AgentJsonContext.Default.Status, new AgentToolOptions { Agent = "queen", Query = "files", Reasoning = "to count" });
        call.AddSubStep(new Status("opened"), AgentJsonContext.Default.Status);
        call.AddVisualization(RunRecorder.Json("""{"chart":1}"""));
        call.MarkAction("wrote a file");
        clock.Advance(TimeSpan.FromSeconds(2));
        call.Complete("3 found", new Status("ok"), AgentJsonContext.Default.Status);

        var start = recorder.Single<ToolCallStarted>();
        Assert.That((start.Id, start.Tool, start.Agent, start.Query, start.Reasoning, start.Arguments.ToString()), Is.EqualTo((call.Id, "search", "queen", "files", "to count", """{"message":"files"}""")));
        var end = recorder.Single<ToolCallCompleted>();
        Assert.That((end.Id, end.Error, end.Summary, end.IsAction, end.Action, end.Duration), Is.EqualTo((call.Id, (string?)null, "3 found", true, "wrote a file", TimeSpan.FromSeconds(2))));
        Assert.That((end.SubSteps!.Single().ToString(), end.Visualizations!.Single().ToString(), end.Result.ToString()), Is.EqualTo(("""{"message":"opened"}""", """{"chart":1}""", """{"message":"ok"}""")));
    }

    [Test]
    public async Task A_call_that_is_left_before_it_said_how_it_went_has_failed()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        using (run.StartTool("search"))
        {
        }

        Assert.That(recorder.Single<ToolCallCompleted>().Error, Does.Contain("left before"));
    }

    [Test]
    public async Task A_call_that_fails_does_not_end_the_run()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        run.StartTool("a").Fail("not there", "0 found");
        run.StartTool("b").Fail(new IOException("Unreadable."));
        run.Complete();

        Assert.That(recorder.All<ToolCallCompleted>().Select(static end => (end.Error, end.Summary)), Is.EqualTo(new[] { ("not there", "0 found"), ("A file or a connection failed.", (string?)null) }));
        Assert.That(recorder.Single<RunCompleted>().Outcome, Is.EqualTo(RunOutcome.Success));
    }

    [Test]
    public async Task What_is_part_of_a_call_carries_its_id()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var call = run.StartTool("ask");

        call.StartTool("search", options: new AgentToolOptions { Query = "x" }).Complete();
        call.StartMessage().Complete("Hello");
        call.StartWorker("1", "scan");

        var parts = recorder.Events.Skip(2).ToArray();
        Assert.That(parts, Has.Length.EqualTo(6));
        Assert.That(parts.Select(static item => item.ParentId), Is.All.EqualTo(call.Id.ToString()));
        Assert.That(recorder.All<ToolCallStarted>()[1].Query, Is.EqualTo("x"));
    }

    [Test]
    public async Task Json_that_is_changed_or_freed_afterwards_was_copied()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        using (var document = System.Text.Json.JsonDocument.Parse("""{"a":1}"""))
        {
            var call = run.StartTool("search", document.RootElement);
            call.AddSubStep(document.RootElement);
            call.Complete(null, document.RootElement);
        }

        Assert.That(recorder.Single<ToolCallStarted>().Arguments.ToString(), Is.EqualTo("""{"a":1}"""));
        var end = recorder.Single<ToolCallCompleted>();
        Assert.That((end.Result.ToString(), end.SubSteps!.Single().ToString()), Is.EqualTo(("""{"a":1}""", """{"a":1}""")));
    }
}
