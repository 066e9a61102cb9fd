using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

/// <summary>What is told of parts that did not say themselves how they went: that they have ended, and why.</summary>
internal sealed class PartEndTests
{
    private const string Left = "This was left before it was done.";
    private const string Cancelled = "The run was cancelled before this was done.";
    private const string Completed = "The run was completed before this was done.";
    private const string RunLeft = "The run was left before this was done.";

    [Test]
    public async Task A_part_that_is_left_in_good_order_or_by_an_exception_says_so([Values] bool throws)
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        try
        {
            Leave(run, throws ? new IOException("secret") : null);
        }
        catch (IOException)
        {
            // As it should.
        }

        AssertEnds(recorder, Left);
    }

    [Test]
    public async Task A_part_that_is_left_as_its_run_is_cancelled_says_so()
    {
        await using var recorder = new RunRecorder();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        Assert.That(
            async () => await recorder.Bus.RunAsync(
                RunRecorder.Topic,
                "index",
                static (run, token) =>
                {
                    Leave(run, new OperationCanceledException(token));
                    return Task.CompletedTask;
                },
                new AgentRunOptions { CancellationToken = stop.Token }),
            Throws.InstanceOf<OperationCanceledException>());

        AssertEnds(recorder, Cancelled);
        Assert.That(recorder.Single<RunCompleted>().Outcome, Is.EqualTo(RunOutcome.Cancelled));
    }

    [TestCase("complete", Completed)]
    [TestCase("cancel", Cancelled)]
    [TestCase("fail", "The run failed before this was done: The disk is full.")]
    [TestCase("dispose", RunLeft)]
    [TestCase("dispose when cancelled", Cancelled)]
    public async Task A_part_that_its_run_leaves_behind_says_how_the_run_ended(string how, string reason)
    {
        await using var recorder = new RunRecorder();
        using var stop = new CancellationTokenSource();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { CancellationToken = stop.Token });
        Open(run);

        Action end = how switch
        {
            "complete" => () => run.Complete(),
            "cancel" => () => run.Cancel(),
            "fail" => () => run.Fail("disk_full", "The disk is full."),
            "dispose" => run.Dispose,
            _ => () =>
            {
                stop.Cancel();
                run.Dispose();
            }
            ,
        };
        end();

        AssertEnds(recorder, reason);
    }

    [Test]
    public async Task A_part_of_a_worker_says_what_became_of_the_run_that_ended_it()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        Open(run.StartWorker("1", "scan"));

        run.Complete();

        AssertEnds(recorder, Completed);
        Assert.That(recorder.All<RunCompleted>().Select(static end => end.Outcome), Is.EqualTo([RunOutcome.Cancelled, RunOutcome.Success]));
    }

    private static void Leave(AgentRun run, Exception? exception)
    {
        using var step = run.StartStep("Read");
        using var call = run.StartTool("search");
        using var message = run.StartMessage();
        using var retrieval = run.StartRetrieval(["docs"]);
        message.Append("I look.");
        if (exception is not null)
        {
            throw exception;
        }
    }

    private static void Open(AgentRun run)
    {
        run.StartStep("Read");
        run.StartTool("search");
        run.StartMessage().Append("I look.");
        run.StartRetrieval(["docs"]);
    }

    /// <summary>All have ended, the newest first, and what has a place for a reason has that one.</summary>
    private static void AssertEnds(RunRecorder recorder, string reason)
    {
        Assert.That(
            recorder.Types.Where(static type => type is "step.complete" or "tool_call.complete" or "message.complete" or "knowledge.retrieved"),
            Is.EqualTo(["knowledge.retrieved", "message.complete", "tool_call.complete", "step.complete"]));
        Assert.That(recorder.Single<ToolCallCompleted>().Error, Is.EqualTo(reason));
        Assert.That(recorder.Single<MessageCompleted>().Text, Is.EqualTo("I look."));
        Assert.That(recorder.Single<KnowledgeRetrieved>().Documents, Is.Zero);
        Assert.That(string.Join('\n', recorder.Events.Select(static item => item.Data?.ToString())), Does.Not.Contain("secret"));
    }
}
