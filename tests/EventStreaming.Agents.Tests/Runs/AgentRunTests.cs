using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

internal sealed class AgentRunTests
{
    /// <summary>The program of the package's README.</summary>
    [Test]
    public async Task A_run_is_told_from_its_start_to_its_end()
    {
        await using var recorder = new RunRecorder();
        var bus = recorder.Bus;

        var session = bus.OpenSession("session-1");

        await session.RunAsync("index", static async (run, cancellationToken) =>
        {
            using var tool = run.StartTool("search", options: new AgentToolOptions { Query = "cursors" });
            await ReadFilesAsync(["a.md", "b.md"], cancellationToken);
            tool.Complete(summary: "2 found");

            using var message = run.StartMessage();
            message.Append("Cursors are ");
            message.Append("places.");
            message.Complete();
        });

        static async Task ReadFilesAsync(string[] files, CancellationToken cancellationToken)
        {
            var progress = AgentRun.Current?.ProgressRange(0.2, 0.8, "reading");
            for (var i = 0; i < files.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await Task.Yield();
                progress?.ReportCount(i + 1, files.Length, files[i]);
            }
        }

        Assert.That(string.Join(' ', recorder.Types.Where(static type => type is not "progress")), Is.EqualTo(
            "session.created run.start tool_call.start tool_call.complete message.start message.delta message.delta message.complete run.complete"));
        Assert.That(recorder.Single<MessageCompleted>().Text, Is.EqualTo("Cursors are places."));
        Assert.That(recorder.All<Progress>()[^1].Fraction, Is.EqualTo(0.8));
        Assert.That(RunAudit.Check(recorder.Events), Is.Empty);
    }

    [Test]
    public async Task What_is_open_is_ended_before_the_run_is_last_started_first()
    {
        await using var recorder = new RunRecorder();
        using (var run = recorder.Bus.StartRun(RunRecorder.Topic, "index"))
        {
            run.StartStep("Read");
            run.StartTool("search");
            run.StartMessage().Append("Hel");
            run.StartRetrieval(["docs"]);
            var worker = run.StartWorker("1", "scan");
            worker.StartTool("scan");
            _ = run.RequestInputAsync("Go on?");
        }

        Assert.That(recorder.Story, Does.EndWith(
            " input.received tool_call.complete run.complete knowledge.retrieved message.complete tool_call.complete step.complete error"));
        Assert.That(RunAudit.Check(recorder.Events), Is.Empty);
    }

    [Test]
    public async Task A_run_says_what_it_was_asked_to_do()
    {
        await using var recorder = new RunRecorder();

        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions
        {
            RunId = "r-1", Source = "queen", CorrelationId = "c-1", ParentId = "call-1", ParentRunId = "r-0", Input = RunRecorder.Json("""{"dir":"."}"""), Attempt = 2, TotalSteps = 3,
        });

        var told = recorder.Events.Single();
        var data = (RunStarted)told.Data!;
        Assert.That((told.RunId, told.Source, told.CorrelationId, told.ParentId), Is.EqualTo(("r-1", "queen", "c-1", "call-1")));
        Assert.That((data.Kind, data.Input.ToString(), data.Attempt, data.TotalSteps, data.ParentRunId), Is.EqualTo(("index", """{"dir":"."}""", 2, (int?)3, "r-0")));
    }

    [Test]
    public async Task Words_warnings_and_variables_are_told_as_the_runs()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = "value" };

        run.Status("Reading");
        run.Warn("slow", "It is slow.", RunRecorder.Json("1"), "step-1");
        run.SubstituteVariables(variables, ["step-1"], "step-2");
        variables.Clear();

        Assert.That(recorder.Story, Is.EqualTo("run.start status error variable.substitution"));
        Assert.That(recorder.Single<AgentError>(), Has.Property(nameof(AgentError.Recoverable)).True.And.Property(nameof(AgentError.StepId)).EqualTo("step-1"));
        Assert.That(recorder.Single<VariablesSubstituted>().Variables["name"], Is.EqualTo("value"), "what is changed afterwards was copied");
        Assert.That(recorder.Events.Select(static item => item.RunId).Distinct(StringComparer.Ordinal).ToArray(), Has.Length.EqualTo(1));
    }

    /// <summary>Publishing runs no reader's code, so the lock that a run holds over it cannot be waited for by one.</summary>
    [Test]
    [Repeat(50)]
    public async Task A_handler_that_uses_the_run_does_not_hold_it_up()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var handler = recorder.Bus.Subscribe(
            new SubscriptionOptions { Topic = RunRecorder.Topic, Types = ["tool_call.start"] },
            (_, _) =>
            {
                run.Status("seen");
                answered.TrySetResult();
                return ValueTask.CompletedTask;
            });

        for (var i = 0; i < 20; i++)
        {
            run.StartTool("search").Complete();
        }

        await answered.Task.WaitAsync(TimeSpan.FromSeconds(30));
        run.Complete();
        Assert.That(recorder.Types, Does.Contain("status"));
    }
}
