using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

/// <summary>A run whose topic is closed, or whose bus is disposed, in the middle of it.</summary>
internal sealed class AgentRunTopicTests
{
    [Test]
    public async Task A_run_whose_topic_is_closed_begins_again_in_the_new_log_with_all_that_is_open()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { RunId = "r-1", ParentId = "call-1" });
        var (step, call, message, retrieval, ended) = (run.StartStep("Read"), run.StartTool("search"), run.StartMessage(), run.StartRetrieval(["docs"]), run.StartTool("done"));
        var worker = run.StartWorker("1", "scan");
        var inner = worker.StartTool("read");
        message.Append("Hel");
        message.Append("lo");
        run.Progress(0.5, "reading");
        run.Pause("quota");
        ended.Complete();

        recorder.Bus.CloseTopic(RunRecorder.Topic);
        inner.Progress("half", 0.5);

        Assert.That(recorder.Story, Is.EqualTo(
            "run.start progress run.paused step.start tool_call.start message.start message.delta knowledge.retrieval_start run.start tool_call.start tool_call.progress"));
        Assert.That((recorder.Events[0].RunId, recorder.Events[0].ParentId), Is.EqualTo(("r-1", "call-1")));
        message.Append(" there");
        inner.Complete();
        worker.Complete();
        call.Complete();
        step.Complete();
        retrieval.Complete(1);
        run.Complete();
        Assert.That(RunAudit.Check(recorder.Events), Is.Empty);
        Assert.That(recorder.Single<MessageCompleted>().Text, Is.EqualTo("Hello there"));
    }

    [Test]
    public async Task The_end_of_a_run_whose_topic_is_closed_is_told_with_what_it_ends()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        run.StartStep("Read");
        run.StartWorker("1", "scan");

        recorder.Bus.CloseTopic(RunRecorder.Topic);
        run.Dispose();

        Assert.That(recorder.Story, Is.EqualTo("run.start step.start run.start run.complete step.complete error"));
        Assert.That(RunAudit.Check(recorder.Events), Is.Empty);
    }

    [Test]
    public async Task A_question_ends_with_its_topic_and_is_told_as_withdrawn_in_the_new_log()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var answer = run.RequestInputAsync("Go on?");

        recorder.Bus.CloseTopic(RunRecorder.Topic);

        Assert.That(async () => await answer.WithinSafetyAsync(), Throws.InstanceOf<EventStreamEndedException>());
        Assert.That(recorder.Story, Is.EqualTo("run.start run.paused input.requested input.received run.resumed"));
    }

    [Test]
    public async Task A_run_that_has_ended_does_not_begin_again()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        run.Complete();

        recorder.Bus.CloseTopic(RunRecorder.Topic);
        run.Dispose();

        Assert.That(recorder.Bus.FindTopic(RunRecorder.Topic), Is.Null);
    }

    /// <summary>What comes after it is refused as by a bus that is gone, not otherwise; and the run can be left.</summary>
    [Test]
    [Repeat(50)]
    public async Task A_bus_that_is_disposed_while_many_use_a_run_holds_nobody_up()
    {
        var bus = new EventBus(catalog: AgentEvents.Catalog);
        var run = bus.StartRun(RunRecorder.Topic, "index");
        using var start = new Barrier(4);
        var work = Enumerable.Range(0, 3).Select(index => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                try
                {
                    for (var i = 0; i < 50; i++)
                    {
                        using var call = run.StartTool("search");
                        using var message = run.StartMessage();
                        message.Append("text");
                        run.Progress(i / 50.0, $"stage {index}");
                        call.Complete();
                    }
                }
                catch (InvalidOperationException)
                {
                    // The bus is disposed, or the run was ended by another thread.
                }
                finally
                {
                    run.Dispose();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();

        start.SignalAndWait();
        await bus.DisposeAsync();
        await Task.WhenAll(work).WithinSafetyAsync();

        Assert.That(run.IsEnded, Is.True);
    }

    [Test]
    public async Task A_run_that_is_left_to_a_finalizer_is_ended_by_it()
    {
        await using var recorder = new RunRecorder();
        LeaveBehind(recorder.Bus);

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.That(recorder.Story, Is.EqualTo("run.start tool_call.start tool_call.complete error"));
        Assert.That(AgentRun.Current, Is.Null);
    }

    private static void LeaveBehind(EventBus bus)
    {
        var owner = new Thread(() => _ = new Owner(bus.StartRun(RunRecorder.Topic, "index")));
        owner.Start();
        owner.Join();
    }

    private sealed class Owner
    {
        private readonly AgentRun _run;

        public Owner(AgentRun run)
        {
            _run = run;
            run.StartTool("search");
        }

#pragma warning disable MA0055 // What a finalizer does is what is tried.
        ~Owner() => _run.Dispose();
#pragma warning restore MA0055
    }
}
