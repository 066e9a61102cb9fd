using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

internal sealed class AgentRunCancelTests
{
    [Test]
    public async Task Cancelling_a_run_stops_its_work_and_that_of_its_workers()
    {
        await using var recorder = new RunRecorder();
        var started = new TaskCompletionSource<AgentRun>(TaskCreationOptions.RunContinuationsAsynchronously);
        var task = recorder.Bus.RunAsync(RunRecorder.Topic, "index", (run, _) => run.RunWorkerAsync("1", "scan", (worker, cancellationToken) =>
        {
            started.SetResult(worker);
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }));
        var worker = await started.Task.WithinSafetyAsync();

        worker.Parent!.Cancel();

        Assert.That(worker.Parent.CancellationToken.IsCancellationRequested, Is.True);
        Assert.That(worker.CancellationToken.IsCancellationRequested, Is.True);
        Assert.CatchAsync<OperationCanceledException>(async () => await task.WithinSafetyAsync());
        Assert.That(recorder.Story, Is.EqualTo("run.start run.start run.complete run.complete"));
        Assert.That(recorder.All<RunCompleted>().Select(static end => end.Outcome), Is.All.EqualTo(RunOutcome.Cancelled));
    }

    [Test]
    public async Task Cancelling_a_worker_stops_it_alone()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        await using var worker = run.StartWorker("1", "scan");
        await using var other = run.StartWorker("2", "scan");

        worker.Cancel();

        Assert.That((worker.CancellationToken.IsCancellationRequested, other.CancellationToken.IsCancellationRequested, run.CancellationToken.IsCancellationRequested), Is.EqualTo((true, false, false)));
        Assert.That(run.IsEnded, Is.False);
    }

    [Test]
    public async Task Done_or_failed_a_run_is_not_told_to_stop([Values] bool isDone)
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        if (isDone)
        {
            run.Complete();
        }
        else
        {
            run.Fail("x", "x");
        }

        Assert.That(run.CancellationToken.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task What_hears_of_it_finds_the_run_ended_and_may_call_it_and_throw()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var heard = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = run.CancellationToken.Register(() =>
        {
            try
            {
                run.Dispose();
                run.Status("too late");
            }
            catch (Exception exception)
            {
                heard.SetResult(exception);
                throw;
            }
        });

        run.Cancel();

        Assert.That(await heard.Task.WithinSafetyAsync(), Is.InstanceOf<InvalidOperationException>());
        Assert.That(recorder.Story, Is.EqualTo("run.start run.complete"));
    }

    [Test]
    public async Task A_result_that_is_too_large_cancels_nothing()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        Assert.That(() => run.Cancel(RunRecorder.Json($"\"{new string('x', 4 << 20)}\"")), Throws.ArgumentException);

        Assert.That((run.IsEnded, run.CancellationToken.IsCancellationRequested), Is.EqualTo((false, false)));
    }

    [Test]
    [Repeat(50)]
    public async Task Cancelled_and_left_at_the_same_time_its_token_says_how_it_ended()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        using var start = new Barrier(2);

        var cancelling = Task.Run(() =>
        {
            start.SignalAndWait();
            try
            {
                run.Cancel();
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        });
        await Task.Run(() =>
        {
            start.SignalAndWait();
            run.Dispose();
        });
        var isCancelled = await cancelling.WithinSafetyAsync();

        Assert.That(run.CancellationToken.IsCancellationRequested, Is.EqualTo(isCancelled));
        Assert.That(recorder.Story, Is.EqualTo(isCancelled ? "run.start run.complete" : "run.start error"));
    }

    [Test]
    [Repeat(50)]
    public async Task A_question_of_a_run_that_is_cancelled_is_withdrawn()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var wait = run.RequestInputAsync("Go on?");

        run.Cancel();

        Assert.That(async () => await wait.WithinSafetyAsync(), Throws.InstanceOf<AgentInputWithdrawnException>());
        Assert.That(recorder.Story, Is.EqualTo("run.start run.paused input.requested input.received run.complete"));
    }
}
