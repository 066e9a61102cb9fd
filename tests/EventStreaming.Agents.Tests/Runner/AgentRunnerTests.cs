using System.Net;
using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runner;

internal sealed class AgentRunnerTests
{
    private static IEnumerable<TestCaseData<Exception>> CapacityErrors =>
    [
        new(new HttpRequestException("busy", null, HttpStatusCode.TooManyRequests)) { TypeArgs = [typeof(Exception)] },
        new(new HttpRequestException("busy", null, HttpStatusCode.ServiceUnavailable)) { TypeArgs = [typeof(Exception)] },
        new(new CapacityException()) { TypeArgs = [typeof(Exception)] },
        new(new IOException("No Capacity for this model.")) { TypeArgs = [typeof(Exception)] },
        new(new InvalidOperationException("It failed.", new CapacityException())) { TypeArgs = [typeof(Exception)] },
        new(new AggregateException(new IOException("x"), new CapacityException())) { TypeArgs = [typeof(Exception)] },
    ];

    private static IEnumerable<TestCaseData<Exception>> OtherErrors =>
    [
        new(new HttpRequestException("wrong", null, HttpStatusCode.BadRequest)) { TypeArgs = [typeof(Exception)] },
        new(new InvalidOperationException("wrong")) { TypeArgs = [typeof(Exception)] },
        new(NegativeCapacity()) { TypeArgs = [typeof(Exception)] },
        new(new OperationCanceledException("someone else's token")) { TypeArgs = [typeof(Exception)] },
    ];

    /// <summary>Its message has the word, but it is a bug and not a full service.</summary>
    private static ArgumentOutOfRangeException NegativeCapacity() => Assert.Throws<ArgumentOutOfRangeException>(static () => _ = new List<int>(-Environment.ProcessorCount))!;

    [TestCaseSource(nameof(CapacityErrors))]
    public async Task A_capacity_error_is_tried_again_in_the_same_run(Exception error)
    {
        await using var site = new RunnerSite();
        var attempts = new List<int>();

        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", (run, _) =>
        {
            attempts.Add(run.Attempt);
            return run.Attempt == 1 ? Task.FromException(error) : Task.CompletedTask;
        });
        await site.Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), done);

        Assert.That(attempts, Is.EqualTo([1, 2]));
        Assert.That(site.Recorder.Story, Is.EqualTo("run.start status run.complete"));
        Assert.That(site.Recorder.Single<RunStarted>().Attempt, Is.EqualTo(1));
        Assert.That(site.Recorder.Single<Status>().Message, Does.Match(@"^Attempt 1 of 2 failed \(\w+\)\. Attempt 2 in [\d.]+ s\.$"));
    }

    [TestCaseSource(nameof(OtherErrors))]
    public async Task Another_error_is_not_tried_again(Exception error)
    {
        await using var site = new RunnerSite();
        var attempts = 0;

        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", (_, _) =>
        {
            attempts++;
            return Task.FromException(error);
        }).WithinSafetyAsync();

        Assert.That(async () => await done, Throws.Exception.SameAs(error).Or.InstanceOf<OperationCanceledException>());
        Assert.That(attempts, Is.EqualTo(1));
        Assert.That(site.Recorder.Story, Is.EqualTo("run.start error"));
    }

    [Test]
    public async Task What_the_user_says_replaces_what_is_worth_another_attempt()
    {
        var options = RunnerSite.Untimed();
        options.MaxAttempts = 3;
        options.ShouldRetry = static error => error is IOException;
        await using var site = new RunnerSite(options);

        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", static (run, _) => throw (run.Attempt == 1 ? new IOException("x") : new CapacityException()));

        Assert.That(async () => await site.Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), done), Throws.InstanceOf<CapacityException>());
        Assert.That(site.Recorder.Story, Is.EqualTo("run.start status error"));
    }

    [Test]
    public async Task What_the_user_says_may_go_on_from_the_default([Values] bool isCapacity)
    {
        var options = RunnerSite.Untimed();
        options.ShouldRetry = static error => CapacityException.IsCapacityError(error) || error is IOException;
        await using var site = new RunnerSite(options);

        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", (run, _) => run.Attempt == 1 ? Task.FromException(isCapacity ? new CapacityException() : new IOException("x")) : Task.CompletedTask);
        await site.Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), done);

        Assert.That(site.Recorder.Story, Is.EqualTo("run.start status run.complete"));
    }

    [Test]
    public async Task The_last_attempts_error_ends_the_run()
    {
        var options = RunnerSite.Untimed();
        options.MaxAttempts = 3;
        await using var site = new RunnerSite(options);
        var error = new CapacityException("full");

        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", (_, _) => Task.FromException(error));

        Assert.That(async () => await site.Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), done), Throws.Exception.SameAs(error));
        Assert.That(site.Recorder.Story, Is.EqualTo("run.start status status error"));
        Assert.That(site.Recorder.Single<AgentError>(), Is.EqualTo(new AgentError("capacity", "A service has no capacity left for now.")));
    }

    [Test]
    public async Task What_a_service_asks_for_is_waited_neither_less_nor_doubled()
    {
        await using var site = new RunnerSite();
        var second = Signals.Create();

        var waits = Signals.Create();
        site.Clock.OnCreateTimer = due =>
        {
            if (due == TimeSpan.FromSeconds(90))
            {
                waits.TrySetResult();
            }
        };
        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", (run, _) =>
        {
            if (run.Attempt == 1)
            {
                throw new CapacityException("full", TimeSpan.FromSeconds(90));
            }

            second.TrySetResult();
            return Task.CompletedTask;
        });
        await waits.Task.WithinSafetyAsync();
        Assert.That(site.Recorder.Single<Status>().Message, Is.EqualTo("Attempt 1 of 2 failed (capacity). Attempt 2 in 90 s."));
        Assert.That(second.Task.IsCompleted, Is.False);

        await site.Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(90), done);
        Assert.That(second.Task.IsCompleted, Is.True);
    }

    [Test]
    public async Task A_service_that_asks_for_too_long_a_wait_ends_the_run()
    {
        await using var site = new RunnerSite(new AgentRunnerOptions { MaxRetryAfter = TimeSpan.FromMinutes(1), GetRetryAfter = static _ => TimeSpan.FromHours(1) });

        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", static (_, _) => Task.FromException(new CapacityException())).WithinSafetyAsync();

        Assert.That(async () => await done, Throws.InstanceOf<CapacityException>());
        Assert.That(site.Recorder.Story, Is.EqualTo("run.start error"));
    }

    [Test]
    public async Task What_a_failed_attempt_has_left_open_is_ended_before_the_next()
    {
        await using var site = new RunnerSite();

        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", static async (run, token) =>
        {
            run.StartStep("Read");
            run.StartTool("search");
            run.StartMessage().Append("Hel");
            run.StartWorker("1", "scan");
            if (run.Attempt == 1)
            {
                _ = run.RequestInputAsync("Go on?", cancellationToken: token);
                throw new CapacityException();
            }

            await Task.CompletedTask;
        });
        await site.Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(1), done);

        Assert.That(site.Recorder.Story, Is.EqualTo(
            "run.start step.start tool_call.start message.start message.delta run.start run.paused input.requested "
            + "input.received run.resumed run.complete message.complete tool_call.complete step.complete status "
            + "step.start tool_call.start message.start message.delta run.start run.complete message.complete tool_call.complete step.complete run.complete"));
        Assert.That(site.Recorder.All<ToolCallCompleted>()[0].Error, Does.StartWith("The attempt failed before this was done: "));
        Assert.That(site.Recorder.All<StepStarted>().Select(static step => (step.StepId, step.Position)), Is.EqualTo([("step-1", 1), ("step-1-2", 1)]));
        Assert.That(RunAudit.Check(site.Recorder.Events), Is.Empty);
    }

    [Test]
    public async Task A_run_that_is_cancelled_before_it_begins_does_no_work()
    {
        await using var site = new RunnerSite();
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", static (_, _) => throw new InvalidOperationException("It was begun."), new AgentRunOptions { CancellationToken = stop.Token });

        Assert.That(async () => await done.WithinSafetyAsync(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(site.Recorder.Story, Is.EqualTo("run.start run.complete"));
        Assert.That(site.Recorder.Single<RunCompleted>().Outcome, Is.EqualTo(RunOutcome.Cancelled));
    }

    [Test]
    public async Task A_run_that_is_cancelled_between_two_attempts_makes_no_other()
    {
        await using var site = new RunnerSite();
        using var stop = new CancellationTokenSource();
        var attempts = 0;

        var done = site.Runner.RunAsync(
            RunRecorder.Topic,
            "index",
            (_, _) =>
            {
                attempts++;
                return Task.FromException(new CapacityException("full", TimeSpan.FromSeconds(90)));
            },
            new AgentRunOptions { CancellationToken = stop.Token });
        await site.UntilToldAsync(AgentEvents.Status.Name);
        await stop.CancelAsync();

        Assert.That(async () => await done.WithinSafetyAsync(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(attempts, Is.EqualTo(1));
        Assert.That(site.Recorder.Story, Is.EqualTo("run.start status run.complete"));
        Assert.That(site.Recorder.Single<RunCompleted>().Outcome, Is.EqualTo(RunOutcome.Cancelled));
    }

    [Test]
    public async Task An_attempt_that_takes_too_long_is_stopped_and_another_is_made()
    {
        await using var site = new RunnerSite(new AgentRunnerOptions { AttemptTimeout = TimeSpan.FromHours(1), TotalTimeout = Timeout.InfiniteTimeSpan, RetryDelay = TimeSpan.FromMilliseconds(1), MaxRetryDelay = TimeSpan.FromMilliseconds(1) });

        var begun = Signals.Create();
        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", async (run, token) =>
        {
            if (run.Attempt == 1)
            {
                begun.SetResult();
                await Task.Delay(Timeout.Infinite, token);
            }
        });
        await begun.Task.WithinSafetyAsync();

        // No further: what comes then is the time that the work has to stop, and it may be slow to.
        site.Clock.Advance(TimeSpan.FromHours(1));
        await site.UntilToldAsync(AgentEvents.Status.Name);
        await site.Clock.AdvanceUntilAsync(TimeSpan.FromMilliseconds(1), done);

        Assert.That(site.Recorder.Story, Is.EqualTo("run.start status run.complete"));
        Assert.That(site.Recorder.Single<Status>().Message, Does.StartWith("Attempt 1 of 2 failed (timeout)."));
    }

    [Test]
    public async Task All_attempts_together_have_their_time()
    {
        await using var site = new RunnerSite(new AgentRunnerOptions { TotalTimeout = TimeSpan.FromMinutes(1), AttemptTimeout = Timeout.InfiniteTimeSpan });

        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", static (_, token) => Task.Delay(Timeout.Infinite, token));

        Assert.That(async () => await site.Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(10), done), Throws.InstanceOf<TimeoutException>().With.Message.Contains("TotalTimeout"));
        Assert.That(site.Recorder.Story, Is.EqualTo("run.start error"));
        Assert.That(site.Recorder.Single<AgentError>().Code, Is.EqualTo("timeout"));
    }

    [Test]
    public async Task Work_that_does_not_stop_is_left_and_the_run_ended_without_it([Values] bool isCancelled)
    {
        using var log = new LogRecorder();
        await using var site = new RunnerSite(new AgentRunnerOptions { AttemptTimeout = TimeSpan.FromMinutes(1), StopGrace = TimeSpan.FromSeconds(5) }, log);
        using var stop = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        var begun = Signals.Create();
        AgentRun? told = null;

        // It even blocks its thread.
        var done = site.Runner.RunAsync(
            RunRecorder.Topic,
            "index",
            (run, _) =>
            {
                told = run;
                begun.SetResult();
                release.Wait(CancellationToken.None);
                run.Status("too late");
                return Task.CompletedTask;
            },
            new AgentRunOptions { CancellationToken = stop.Token });
        await begun.Task.WithinSafetyAsync();
        if (isCancelled)
        {
            await stop.CancelAsync();
        }

        Assert.That(
            async () => await site.Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(10), done),
            isCancelled ? Throws.InstanceOf<OperationCanceledException>() : Throws.InstanceOf<TimeoutException>());
        Assert.That(site.Recorder.Story, Is.EqualTo(isCancelled ? "run.start run.complete" : "run.start error"));
        Assert.That(log.Of(4004), Has.Count.EqualTo(1));

        release.Set();
        await log.UntilAsync(4005);
        Assert.That(log.Of(4005).Single().Exception, Is.InstanceOf<InvalidOperationException>());
        Assert.That(told!.IsEnded, Is.True);
    }

    [Test]
    public async Task A_result_is_told_and_returned()
    {
        await using var site = new RunnerSite();

        var result = await site.Runner.RunAsync(
            RunRecorder.Topic, "index", static (_, _) => Task.FromResult(RunRecorder.Json("""{"files":3}""")), RunnerJson.Element).WithinSafetyAsync();

        Assert.That(result.GetProperty("files").GetInt32(), Is.EqualTo(3));
        Assert.That(site.Recorder.Single<RunCompleted>().Result!.Value.GetRawText(), Is.EqualTo("""{"files":3}"""));
    }

    [Test]
    public async Task The_run_is_current_in_the_work_and_not_at_the_caller()
    {
        await using var site = new RunnerSite();
        AgentRun? current = null;

        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", (run, _) =>
        {
            current = ReferenceEquals(AgentRun.Current, run) ? run : null;
            return Task.CompletedTask;
        });
        Assert.That(AgentRun.Current, Is.Null);
        await done.WithinSafetyAsync();

        Assert.That(current, Is.Not.Null);
    }

    [Test]
    public async Task Work_that_ends_its_run_itself_is_not_tried_again()
    {
        await using var site = new RunnerSite();

        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", static (run, _) =>
        {
            run.Complete();
            throw new CapacityException();
        });

        Assert.That(async () => await done.WithinSafetyAsync(), Throws.InstanceOf<CapacityException>());
        Assert.That(site.Recorder.Story, Is.EqualTo("run.start run.complete"));
    }

    [Test]
    public async Task A_run_that_is_cancelled_and_stops_after_its_deadline_was_cancelled()
    {
        var options = RunnerSite.Untimed();
        options.TotalTimeout = TimeSpan.FromMinutes(1);
        options.StopGrace = TimeSpan.FromHours(1);
        await using var site = new RunnerSite(options);
        using var stop = new CancellationTokenSource();
        var (told, late) = (Signals.Create(), Signals.Create());
        var done = site.Runner.RunAsync(
            RunRecorder.Topic,
            "index",
            async (_, cancellationToken) =>
            {
                told.TrySetResult();
                await late.Task;
                cancellationToken.ThrowIfCancellationRequested();
            },
            new AgentRunOptions { CancellationToken = stop.Token });
        await told.Task.WithinSafetyAsync();

        await stop.CancelAsync();
        site.Clock.Advance(TimeSpan.FromMinutes(2));
        late.TrySetResult();

        Assert.CatchAsync<OperationCanceledException>(async () => await done.WithinSafetyAsync());
        Assert.That(site.Recorder.Single<RunCompleted>().Outcome, Is.EqualTo(RunOutcome.Cancelled));
    }

    [Test]
    public void An_option_out_of_its_range_is_named_with_its_range()
    {
        using var bus = new EventBus(catalog: AgentEvents.Catalog);

        Assert.That(
            () => new AgentRunner(bus, new AgentRunnerOptions { MaxAttempts = 0 }),
            Throws.ArgumentException.With.Message.StartsWith("MaxAttempts is 0; set it between 1 and 100."));
        Assert.That(
            () => new AgentRunner(bus, new AgentRunnerOptions { AttemptTimeout = TimeSpan.Zero }),
            Throws.ArgumentException.With.Message.StartsWith("AttemptTimeout is 00:00:00; set it between "));
        Assert.That(() => new AgentRunner(bus, new AgentRunnerOptions { ShouldRetry = null! }), Throws.ArgumentException.With.Message.StartsWith("ShouldRetry is null; set it to "));
        Assert.That(
            () => new AgentRuns(bus, new AgentRunsOptions { Runner = { MaxAttempts = 0 } }),
            Throws.ArgumentException.With.Message.StartsWith("Runner:MaxAttempts is 0; set it between 1 and 100."));
    }
}
