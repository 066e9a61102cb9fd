using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

internal sealed class AgentRunWorkersTests
{
    [Test]
    public async Task A_workers_run_is_told_as_its_own_inside_the_run_that_started_it()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { RunId = "r-1", CorrelationId = "c-1" });

        await using var worker = run.StartWorker("7", "scan");
        worker.Report("3 files");

        var told = recorder.Events.Where(item => string.Equals(item.RunId, worker.RunId, StringComparison.Ordinal)).ToArray();
        Assert.That(told.Select(static item => (item.Type, item.Source, item.CorrelationId)), Is.EqualTo(new[] { ("run.start", "worker:7", "c-1"), ("subagent.report", "worker:7", "c-1") }));
        Assert.That(((RunStarted)told[0].Data!).ParentRunId, Is.EqualTo("r-1"));
        Assert.That(recorder.Single<SubagentReport>(), Is.EqualTo(new SubagentReport("7", "3 files")));
    }

    [Test]
    public async Task A_worker_that_is_open_when_its_parent_ends_is_told_as_cancelled_before_it_and_its_work_is_told_to_stop()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var worker = run.StartWorker("7", "scan");
        var inner = worker.StartWorker("8", "scan");
        var stopped = Signals.Create();
        inner.CancellationToken.Register(stopped.SetResult);

        run.Complete();

        await stopped.Task.WithinSafetyAsync();
        Assert.That(recorder.Story, Is.EqualTo("run.start run.start run.start run.complete run.complete run.complete"));
        Assert.That(recorder.All<RunCompleted>().Select(static end => end.Outcome), Is.EqualTo(new[] { RunOutcome.Cancelled, RunOutcome.Cancelled, RunOutcome.Success }));
        Assert.That(() => worker.Status("more"), Throws.InvalidOperationException);
        Assert.That(worker.Dispose, Throws.Nothing);
    }

    [Test]
    public async Task A_worker_is_told_to_stop_with_its_parent()
    {
        await using var recorder = new RunRecorder();
        using var stop = new CancellationTokenSource();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { CancellationToken = stop.Token });
        var worker = run.StartWorker("7", "scan");

        await stop.CancelAsync();
        worker.Dispose();

        Assert.That(worker.CancellationToken.IsCancellationRequested, Is.True);
        Assert.That(recorder.Single<RunCompleted>().Outcome, Is.EqualTo(RunOutcome.Cancelled));
    }

    [Test]
    public async Task The_token_of_a_run_that_ends_itself_is_not_cancelled()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        run.Complete();

        Assert.That(run.CancellationToken.IsCancellationRequested, Is.False, "what follows the end, as saving it, may still use it");
    }

    /// <summary>A token's callbacks are anyone's code, and may wait for another thread that uses the run.</summary>
    [Test]
    [Repeat(50)]
    public async Task The_callbacks_of_a_workers_token_may_wait_for_the_run()
    {
        await using var recorder = new RunRecorder();
        using var stop = new CancellationTokenSource();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { CancellationToken = stop.Token });
        var worker = run.StartWorker("7", "scan");
        worker.CancellationToken.Register(() =>
        {
            using var other = new ManualResetEventSlim();
            new Thread(() =>
            {
                _ = run.Usage;
                other.Set();
            }).Start();
            other.Wait();
        });

        await Task.WhenAll(Task.Run(stop.Cancel), Task.Run(worker.Dispose), Task.Run(run.Dispose)).WithinSafetyAsync();

        Assert.That(RunAudit.Check(recorder.Events), Is.Empty);
    }

    [Test]
    public async Task The_callbacks_of_the_token_of_a_worker_that_is_cut_off_may_wait_for_the_run()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var worker = run.StartWorker("7", "scan");
        var inner = worker.StartWorker("8", "scan");
        var called = Signals.Create();
        inner.CancellationToken.Register(() =>
        {
            // On another thread, as the lock lets its own holder in again.
            var other = new Thread(() => _ = run.Usage);
            other.Start();
            other.Join();
            called.SetResult();
        });

        await Task.Run(() => run.Complete()).WithinSafetyAsync();
        await called.Task.WithinSafetyAsync();

        Assert.That(RunAudit.Check(recorder.Events), Is.Empty);
    }

    [Test]
    public async Task The_callbacks_of_a_token_may_use_the_run_that_it_stops()
    {
        await using var recorder = new RunRecorder();
        using var stop = new CancellationTokenSource();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { CancellationToken = stop.Token });
        var worker = run.StartWorker("7", "scan");
        worker.CancellationToken.Register(run.Dispose);
        worker.CancellationToken.Register(worker.Dispose);
        run.CancellationToken.Register(() => run.Status("stopping"));

        await Task.Run(stop.Cancel).WithinSafetyAsync();

        Assert.That(run.IsEnded, Is.True);
        Assert.That(recorder.All<RunCompleted>().Select(static end => end.Outcome), Is.All.EqualTo(RunOutcome.Cancelled));
        Assert.That(RunAudit.Check(recorder.Events), Is.Empty);
    }

    [Test]
    public async Task Work_done_as_a_workers_run_is_told_by_how_it_ends()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        await run.RunWorkerAsync("7", "scan", static (worker, _) =>
        {
            Assert.That(AgentRun.Current, Is.SameAs(worker));
            return Task.CompletedTask;
        });
        Assert.That(async () => await run.RunWorkerAsync("8", "scan", static (_, _) => throw new IOException("Unreadable.")), Throws.InstanceOf<IOException>());

        Assert.That(recorder.Story, Is.EqualTo("run.start run.start run.complete run.start error"));
        Assert.That(AgentRun.Current, Is.SameAs(run));
    }
}
