using System.Text.Json;
using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

/// <summary>Whatever a run's work throws, and however it goes on: the run has one end, and its work can be stopped.</summary>
internal sealed class RunFailureTests
{
    private static readonly string s_large = new('x', 5_000);

    private static IEnumerable<TestCaseData<Exception>> Untold =>
    [
        new(new AgentRunException("bad_input", s_large)),
        new(new AgentRunException(s_large, "It is bad.")),
        new(new AgentRunException("bad_input", "It is bad.") { Details = RunRecorder.Json($"\"{s_large}\"") }),
        new(new HttpRequestException(s_large)),
    ];

    [TestCaseSource(nameof(Untold))]
    public async Task A_failure_that_is_too_large_to_be_told_ends_the_run_nevertheless(Exception exception)
    {
        foreach (var withRunner in new[] { false, true })
        {
            await using var recorder = new RunRecorder(new EventStreamingOptions { MaxEventBytes = 4_096 });
            var options = new AgentRunOptions { DescribeError = static thrown => AgentError.Describe(thrown, includeMessage: true) };
            var done = withRunner
                ? new AgentRunner(recorder.Bus).RunAsync(RunRecorder.Topic, "index", (_, _) => Task.FromException(exception), options)
                : recorder.Bus.RunAsync(RunRecorder.Topic, "index", (_, _) => Task.FromException(exception), options);

            Assert.That(async () => await done.WithinSafetyAsync(), Throws.Exception.SameAs(exception));
            Assert.That(recorder.Story, Is.EqualTo("run.start error"));
            Assert.That(recorder.Single<AgentError>().Message, Is.EqualTo("What happened is too large to be told, or cannot be."));
        }
    }

    [Test]
    public async Task The_details_of_an_exception_outlive_their_document()
    {
        await using var recorder = new RunRecorder();
        Assert.That(async () => await recorder.Bus.RunAsync(RunRecorder.Topic, "index", static (_, _) => throw Thrown()), Throws.InstanceOf<AgentRunException>());

        Assert.That(recorder.Single<AgentError>().Details!.Value.GetRawText(), Is.EqualTo("""{"line":7}"""));
        Assert.That(new AgentRunException("bad_input", "It is bad.") { Details = default(JsonElement) }.Details, Is.Null);

        static AgentRunException Thrown()
        {
            using var document = JsonDocument.Parse("""{"line":7}""");
            return new AgentRunException("bad_input", "Line 7 is bad.") { Details = document.RootElement };
        }
    }

    [Test]
    public async Task An_end_that_is_refused_leaves_no_run_that_waits_for_nobody()
    {
        await using var recorder = new RunRecorder(new EventStreamingOptions { MaxEventBytes = 4_096 });
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var question = run.RequestInputAsync("Go on?");

        Assert.That(() => run.Complete(RunRecorder.Json($"\"{s_large}\"")), Throws.ArgumentException);
        Assert.That(async () => await question.WithinSafetyAsync(), Throws.InstanceOf<AgentInputWithdrawnException>());
        Assert.That((run.IsEnded, run.IsPaused), Is.EqualTo((false, false)));
        Assert.That(recorder.Story, Is.EqualTo("run.start run.paused input.requested input.received run.resumed"));
    }

    [Test]
    public async Task Work_that_goes_on_after_it_has_ended_its_run_can_be_stopped()
    {
        await using var recorder = new RunRecorder();
        using var stop = new CancellationTokenSource();
        var ended = Signals.Create();
        var done = recorder.Bus.RunAsync(RunRecorder.Topic, "index", GoOnAsync, new AgentRunOptions { CancellationToken = stop.Token });
        await ended.Task.WithinSafetyAsync();
        await stop.CancelAsync();
        Assert.That(async () => await done.WithinSafetyAsync(), Throws.InstanceOf<OperationCanceledException>());

        await using var runs = new AgentRuns(recorder.Bus);
        ended = Signals.Create();
        var id = runs.Start(RunRecorder.Topic, "index", GoOnAsync).RunId!;
        await ended.Task.WithinSafetyAsync();
        Assert.That(runs.Cancel(id), Is.True);
        await runs.StopAsync().WithinSafetyAsync();
        Assert.That(runs.Count, Is.Zero);
        Assert.That(recorder.Story, Is.EqualTo("run.start run.complete run.start run.complete"));

        async Task GoOnAsync(AgentRun run, CancellationToken token)
        {
            run.Complete();
            ended.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        }
    }

    [Test]
    public async Task Runs_that_nobody_waits_for_any_longer_are_told_to_stop()
    {
        const int Count = 200;
        await using var recorder = new RunRecorder();
        await using var runs = new AgentRuns(recorder.Bus, new AgentRunsOptions { MaxRuns = Count, MaxRunsPerTopic = Count });
        using var begun = new CountdownEvent(Count);
        var told = new TaskCompletionSource[Count];
        for (var i = 0; i < Count; i++)
        {
            var mine = told[i] = Signals.Create();
            runs.Start(RunRecorder.Topic, "index", async (_, token) =>
            {
                await using var registration = token.UnsafeRegister(static signal => ((TaskCompletionSource)signal!).TrySetResult(), mine);
                begun.Signal();
                await mine.Task;
            });
        }

        await Task.Run(begun.Wait).WithinSafetyAsync();
        await runs.StopAsync(new CancellationToken(canceled: true));
        await Task.WhenAll(told.Select(static one => one.Task)).WithinSafetyAsync();
    }

    [Test]
    public async Task What_decides_on_another_attempt_and_throws_does_not_hide_why_the_work_failed()
    {
        await using var recorder = new RunRecorder();
        var runner = new AgentRunner(recorder.Bus, new AgentRunnerOptions { ShouldRetry = static _ => throw new FormatException("The predicate's own.") });
        var thrown = new AgentRunException("bad_input", "Say it otherwise.");

        Assert.That(async () => await runner.RunAsync(RunRecorder.Topic, "index", (_, _) => Task.FromException(thrown)).WithinSafetyAsync(), Throws.Exception.SameAs(thrown));
        Assert.That(recorder.Single<AgentError>(), Is.EqualTo(new AgentError("bad_input", "Say it otherwise.")));
    }

    [Test]
    public async Task An_attempt_that_was_left_waiting_for_a_person_is_not_made_again()
    {
        await using var site = new RunnerSite(new AgentRunnerOptions { AttemptTimeout = TimeSpan.FromMinutes(30), TotalTimeout = Timeout.InfiniteTimeSpan });
        var attempts = 0;
        var done = site.Runner.RunAsync(RunRecorder.Topic, "index", async (run, token) =>
        {
            attempts++;
            await run.RequestInputAsync("Go on?", cancellationToken: token);
        });
        await site.UntilToldAsync(AgentEvents.InputRequested.Name);

        // No further: what comes then is the time that the work has to stop.
        site.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.That(async () => await done.WithinSafetyAsync(), Throws.InstanceOf<TimeoutException>());
        Assert.That(attempts, Is.EqualTo(1));
        Assert.That(site.Recorder.Story, Is.EqualTo("run.start run.paused input.requested input.received run.resumed error"));
        Assert.That(site.Recorder.Single<AgentError>().Code, Is.EqualTo("timeout"));
    }
}
