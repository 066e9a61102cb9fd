using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runner;

internal sealed class AgentRunsTests
{
    private static readonly Func<AgentRun, CancellationToken, Task> s_untilStopped = static (_, token) => Task.Delay(Timeout.Infinite, token);

    [Test]
    public async Task A_registry_does_its_runs_as_its_own_options_say()
    {
        await using var site = new RunnerSite();
        await using var runs = new AgentRuns(site.Recorder.Bus, new AgentRunsOptions { Runner = { MaxAttempts = 1 } }, site.Clock);

        var id = runs.Start(RunRecorder.Topic, "index", static (_, _) => throw new CapacityException()).RunId!;
        await runs.WaitAsync(id).WithinSafetyAsync();

        Assert.That(site.Recorder.Story, Is.EqualTo("run.start error"));
    }

    [Test]
    public async Task A_runner_of_another_bus_is_refused_and_nothing_is_begun()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns();
        await using var other = new EventBus(catalog: AgentEvents.Catalog, name: "other");

        Assert.That(
            () => runs.Start(RunRecorder.Topic, "index", static (_, _) => Task.CompletedTask, runner: new AgentRunner(other)),
            Throws.ArgumentException.With.Message.Contains("another bus ('other')").And.Property("ParamName").EqualTo("runner"));

        Assert.That(runs.Count, Is.Zero);
        Assert.That(other.Topics, Is.Empty);
        Assert.That(runs.Start(RunRecorder.Topic, "index", static (_, _) => Task.CompletedTask, runner: site.Runner).IsStarted, Is.True);
    }

    [Test]
    public async Task A_run_is_told_when_it_is_started_and_found_from_its_start_to_its_end()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns();
        var go = Signals.Create();

        var start = runs.Start(RunRecorder.Topic, "index", (_, _) => go.Task);

        Assert.That(start.IsStarted, Is.True);
        Assert.That(site.Recorder.Story, Is.EqualTo("run.start"));
        Assert.That(AgentRun.Current, Is.Null);
        Assert.That(runs.Find(start.RunId!), Is.EqualTo(new AgentRunStatus(start.RunId!, RunRecorder.Topic, "index", RunState.Running, 1, site.Clock.GetUtcNow())));

        site.Clock.Advance(TimeSpan.FromSeconds(3));
        go.SetResult();
        var status = await runs.WaitAsync(start.RunId!).WithinSafetyAsync();
        Assert.That(status, Is.EqualTo(new AgentRunStatus(
            start.RunId!, RunRecorder.Topic, "index", RunState.Succeeded, 1, site.Clock.GetUtcNow() - TimeSpan.FromSeconds(3), site.Clock.GetUtcNow())));
        Assert.That(runs.Find(start.RunId!), Is.EqualTo(status));
        Assert.That(runs.Count, Is.Zero);
    }

    [Test]
    public async Task A_failed_run_keeps_its_error_and_how_often_it_was_tried()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns();

        var id = runs.Start(RunRecorder.Topic, "index", static (_, _) => Task.FromException(new CapacityException("full", TimeSpan.FromSeconds(60)))).RunId!;
        await site.UntilToldAsync(AgentEvents.Status.Name);
        Assert.That(runs.Find(id)!.NextAttemptAt, Is.EqualTo(site.Clock.GetUtcNow() + TimeSpan.FromSeconds(60)));
        var ended = runs.WaitAsync(id);
        await site.Clock.AdvanceUntilAsync(TimeSpan.FromSeconds(60), ended);

        Assert.That(await ended, Has.Property(nameof(AgentRunStatus.State)).EqualTo(RunState.Failed)
            .And.Property(nameof(AgentRunStatus.Attempt)).EqualTo(2)
            .And.Property(nameof(AgentRunStatus.NextAttemptAt)).Null
            .And.Property(nameof(AgentRunStatus.Error)).EqualTo(new AgentError("capacity", "A service has no capacity left for now.")));
    }

    [Test]
    public async Task A_run_that_asks_a_person_is_paused()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns();

        var id = runs.Start(RunRecorder.Topic, "index", static (run, token) => run.RequestInputAsync("Go on?", cancellationToken: token)).RunId!;
        await site.UntilToldAsync(AgentEvents.InputRequested.Name);

        Assert.That(runs.Find(id)!.State, Is.EqualTo(RunState.Paused));
    }

    [Test]
    public async Task A_run_is_cancelled_by_its_id_once()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns();
        var id = runs.Start(RunRecorder.Topic, "index", s_untilStopped).RunId!;

        Assert.That(runs.Cancel("another"), Is.False);
        Assert.That(runs.Cancel(id), Is.True);
        Assert.That((await runs.WaitAsync(id).WithinSafetyAsync())!.State, Is.EqualTo(RunState.Cancelled));
        Assert.That(runs.Cancel(id), Is.False);
        Assert.That(site.Recorder.Story, Is.EqualTo("run.start run.complete"));
    }

    [Test]
    public async Task Limits_refuse_a_run_with_their_reason_until_another_has_ended()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns(new AgentRunsOptions { MaxRuns = 2, MaxRunsPerTopic = 1 });
        var first = runs.Start("a", "index", s_untilStopped, new AgentRunOptions { RunId = "one" });

        Assert.That(runs.Start("b", "index", s_untilStopped, new AgentRunOptions { RunId = "one" }), Is.EqualTo(new AgentRunStart(AgentRunAdmission.IdIsTaken, null)));
        Assert.That(runs.Start("a", "index", s_untilStopped).Admission, Is.EqualTo(AgentRunAdmission.TopicIsFull));
        Assert.That(runs.Start("b", "index", s_untilStopped).IsStarted, Is.True);
        Assert.That(runs.Start("c", "index", s_untilStopped).Admission, Is.EqualTo(AgentRunAdmission.HostIsFull));

        runs.Cancel(first.RunId!);
        await runs.WaitAsync(first.RunId!).WithinSafetyAsync();
        Assert.That(runs.Start("a", "index", s_untilStopped).IsStarted, Is.True);
        Assert.That(runs.List("a").Select(static run => run.State), Is.EqualTo([RunState.Cancelled, RunState.Running]));
        Assert.That(runs.List(), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_run_that_cannot_be_told_takes_no_place()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns(new AgentRunsOptions { MaxRuns = 1 });

        Assert.That(() => runs.Start("", "index", s_untilStopped), Throws.ArgumentException);
        Assert.That(runs.List(), Is.Empty);
        Assert.That(runs.Start("a", "index", s_untilStopped).IsStarted, Is.True);
    }

    [Test]
    public async Task Ended_runs_are_forgotten_by_count_and_by_time()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns(new AgentRunsOptions { MaxEndedRuns = 2, EndedRunsFor = TimeSpan.FromMinutes(1) });
        foreach (var id in new[] { "1", "2", "3" })
        {
            runs.Start(RunRecorder.Topic, "index", static (_, _) => Task.CompletedTask, new AgentRunOptions { RunId = id });
            await runs.WaitAsync(id).WithinSafetyAsync();
        }

        Assert.That(runs.List().Select(static run => run.RunId), Is.EqualTo(["2", "3"]));
        Assert.That(runs.Find("1"), Is.Null);
        Assert.That(await runs.WaitAsync("1"), Is.Null);
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That(runs.Find("3"), Is.Null);
    }

    [Test]
    public async Task The_runs_of_a_topic_are_cancelled_together_and_no_others()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns();
        runs.Start("a", "index", s_untilStopped);
        runs.Start("a", "index", s_untilStopped);
        runs.Start("b", "index", s_untilStopped);

        await runs.CancelTopicAsync("a").WithinSafetyAsync();

        Assert.That(runs.List("a").Select(static run => run.State), Is.All.EqualTo(RunState.Cancelled));
        Assert.That(runs.List("b").Single().State, Is.EqualTo(RunState.Running));
    }

    [Test]
    public async Task Stopping_cancels_every_run_and_lets_none_begin()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns();
        runs.Start("a", "index", s_untilStopped);
        runs.Start("b", "index", s_untilStopped);

        await runs.StopAsync().WithinSafetyAsync();

        Assert.That(runs.List().Select(static run => run.State), Is.EqualTo([RunState.Cancelled, RunState.Cancelled]));
        Assert.That(runs.Start("a", "index", s_untilStopped).Admission, Is.EqualTo(AgentRunAdmission.Stopping));
    }

    [Test]
    public async Task A_host_that_waits_no_longer_leaves_a_run_told_as_cancelled()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns();
        var stuck = Signals.Create();
        var begun = Signals.Create();
        runs.Start(RunRecorder.Topic, "index", (_, _) =>
        {
            begun.SetResult();
            return stuck.Task;
        });
        await begun.Task.WithinSafetyAsync();
        using var impatient = new CancellationTokenSource();
        await impatient.CancelAsync();

        await runs.StopAsync(impatient.Token).WithinSafetyAsync();
        var (story, outcome) = (site.Recorder.Story, site.Recorder.All<RunCompleted>().Select(static end => end.Outcome));
        stuck.SetResult();

        Assert.That(story, Is.EqualTo("run.start run.complete"));
        Assert.That(outcome, Is.EqualTo([RunOutcome.Cancelled]));
    }

    [Test]
    public async Task A_run_goes_on_when_the_viewer_and_the_one_who_waits_have_gone()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns();
        using var request = new CancellationTokenSource();
        var go = Signals.Create();
        var id = runs.Start(RunRecorder.Topic, "index", (_, _) => go.Task).RunId!;
        var viewer = site.Recorder.Bus.Subscribe(RunRecorder.Topic);
        var wait = runs.WaitAsync(id, request.Token);

        await request.CancelAsync();
        await viewer.DisposeAsync();
        Assert.That(async () => await wait.WithinSafetyAsync(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(runs.Find(id)!.State, Is.EqualTo(RunState.Running));

        go.SetResult();
        Assert.That((await runs.WaitAsync(id).WithinSafetyAsync())!.State, Is.EqualTo(RunState.Succeeded));
    }

    [Test]
    public async Task Starting_ending_cancelling_and_asking_at_the_same_time_leaves_nothing_behind()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns(new AgentRunsOptions { MaxRuns = 8, MaxRunsPerTopic = 8, MaxEndedRuns = 5 });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                if (runs.Start(RunRecorder.Topic, "index", i % 2 == 0 ? s_untilStopped : static (_, _) => Task.CompletedTask).RunId is { } id)
                {
                    runs.List();
                    runs.Cancel(id);
                    Assert.That(await runs.WaitAsync(id), Is.Null.Or.Property(nameof(AgentRunStatus.IsEnded)).True);
                }
            }
        }))).WithinSafetyAsync();

        Assert.That(runs.Count, Is.Zero);
        Assert.That(runs.List(), Has.Count.EqualTo(5));
        Assert.That(RunAudit.Check(site.Recorder.Events), Is.Empty);
    }
}
