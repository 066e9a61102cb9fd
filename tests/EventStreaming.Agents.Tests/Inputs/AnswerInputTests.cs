using System.Text;
using System.Text.Json;
using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Inputs;

internal sealed class AnswerInputTests
{
    private static readonly string[] s_hostileIds = ["", " ", "../../etc/passwd", "\0", "\ud800", "*", "session-1", new('x', 100_000), "{\"id\":1}"];

    [Test]
    public async Task A_question_is_answered_by_its_id_and_once()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var wait = run.RequestInputAsync("Go on?");
        var id = recorder.Single<InputRequested>().Id;

        Assert.That(Answer(recorder, id, "1"), Is.EqualTo(new AgentInputAnswer(AgentInputOutcome.Accepted, run.RunId)));
        Assert.That(Answer(recorder, id, "2"), Is.EqualTo(new AgentInputAnswer(AgentInputOutcome.AlreadyAnswered, run.RunId)));

        Assert.That((await wait.WithinSafetyAsync()).GetInt32(), Is.EqualTo(1));
        Assert.That(Answer(recorder, id, "3").Outcome, Is.EqualTo(AgentInputOutcome.AlreadyAnswered));
        Assert.That(recorder.Story, Is.EqualTo("run.start run.paused input.requested input.received run.resumed"));
    }

    [Test]
    [Repeat(50)]
    public async Task Of_answers_at_the_same_time_one_is_accepted_and_told()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var wait = run.RequestInputAsync("Go on?");
        var id = recorder.Single<InputRequested>().Id;

        var accepted = await AllAtOnceAsync(
            () => Answer(recorder, id, "1").IsAccepted,
            () => Answer(recorder, id, "2").IsAccepted,
            () => run.TryAnswer(id, RunRecorder.Json("3")));

        Assert.That(accepted.Count(static isAccepted => isAccepted), Is.EqualTo(1));
        Assert.That((await wait.WithinSafetyAsync()).GetInt32(), Is.EqualTo(Array.IndexOf(accepted, value: true) + 1));
        Assert.That(recorder.All<InputReceived>(), Has.Count.EqualTo(1));
    }

    [Test]
    [Repeat(50)]
    public async Task An_answer_and_the_runs_end_at_the_same_time_end_a_question_once()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var wait = run.RequestInputAsync("Go on?");
        var id = recorder.Single<InputRequested>().Id;

        var accepted = await AllAtOnceAsync(
            () => Answer(recorder, id, "1").IsAccepted,
            () =>
            {
                run.Complete();
                return false;
            });

        if (accepted[0])
        {
            Assert.That((await wait.WithinSafetyAsync()).GetInt32(), Is.EqualTo(1));
        }
        else
        {
            Assert.That(async () => await wait.WithinSafetyAsync(), Throws.InstanceOf<AgentInputWithdrawnException>());
        }

        Assert.That(recorder.All<InputReceived>(), Has.Count.EqualTo(1));
        Assert.That(RunAudit.Check(recorder.Events), Is.Empty);
    }

    [Test]
    public async Task A_question_of_a_run_that_has_ended_is_over()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var wait = run.RequestInputAsync("Go on?");
        run.Complete();
        Assert.That(async () => await wait.WithinSafetyAsync(), Throws.InstanceOf<AgentInputWithdrawnException>());
        var story = recorder.Story;

        Assert.That(Answer(recorder, recorder.Single<InputRequested>().Id, "1").Outcome, Is.EqualTo(AgentInputOutcome.AlreadyAnswered));

        Assert.That(recorder.Story, Is.EqualTo(story));
    }

    [TestCaseSource(nameof(s_hostileIds))]
    public async Task Nobody_asked_a_question_of_another_id(string id)
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var wait = run.RequestInputAsync("Go on?");

        Assert.That(Answer(recorder, id, "1"), Is.EqualTo(new AgentInputAnswer(AgentInputOutcome.NotFound, RunId: null)));

        Assert.That(wait.IsCompleted, Is.False);
        Assert.That(recorder.All<InputReceived>(), Is.Empty);
    }

    [TestCaseSource(nameof(s_hostileIds))]
    [TestCase("session-2")]
    public async Task In_another_topic_nothing_is_asked_and_none_is_opened(string topic)
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        _ = run.RequestInputAsync("Go on?");
        var elsewhere = string.Equals(topic, RunRecorder.Topic, StringComparison.Ordinal) ? "session-3" : topic;

        var answer = recorder.Bus.AnswerInput(elsewhere, recorder.Single<InputRequested>().Id, RunRecorder.Json("1"));

        Assert.That(answer.Outcome, Is.EqualTo(AgentInputOutcome.NotFound));
        Assert.That(recorder.Bus.ListOpenInputs(elsewhere), Is.Empty);
        Assert.That(recorder.Bus.Topics, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_workers_question_is_answered_in_its_name()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        await using var worker = run.StartWorker("1", "scan");
        var wait = worker.RequestInputAsync("Go on?");

        var answer = Answer(recorder, recorder.Single<InputRequested>().Id, "true");

        Assert.That(answer, Is.EqualTo(new AgentInputAnswer(AgentInputOutcome.Accepted, worker.RunId)));
        Assert.That((await wait.WithinSafetyAsync()).GetBoolean(), Is.True);
        Assert.That(recorder.Events.Single(static item => item.Data is InputReceived), Has.Property(nameof(StreamEvent.Source)).EqualTo("worker:1").And.Property(nameof(StreamEvent.RunId)).EqualTo(worker.RunId));
    }

    [Test]
    public async Task A_question_of_a_run_in_the_registry_is_answered_alike()
    {
        await using var site = new RunnerSite();
        await using var runs = site.CreateRuns();
        var start = runs.Start(RunRecorder.Topic, "index", static (run, cancellationToken) => run.RequestInputAsync("Go on?", cancellationToken: cancellationToken));
        await site.UntilToldAsync("input.requested");

        Assert.That(Answer(site.Recorder, site.Recorder.Single<InputRequested>().Id, "1"), Is.EqualTo(new AgentInputAnswer(AgentInputOutcome.Accepted, start.RunId)));

        Assert.That((await runs.WaitAsync(start.RunId!).WithinSafetyAsync())!.State, Is.EqualTo(RunState.Succeeded));
    }

    [Test]
    [Repeat(50)]
    public async Task What_someone_has_published_is_the_answer_though_the_wait_may_not_have_seen_it()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var wait = run.RequestInputAsync("Go on?");
        var id = recorder.Single<InputRequested>().Id;

        Publish(recorder, "input.received", $$"""{"id":"{{id}}","value":1}""");

        Assert.That(Answer(recorder, id, "2"), Is.EqualTo(new AgentInputAnswer(AgentInputOutcome.AlreadyAnswered, run.RunId)).Or.EqualTo(new AgentInputAnswer(AgentInputOutcome.AlreadyAnswered, RunId: null)));
        Assert.That(run.TryAnswer(id, RunRecorder.Json("3")), Is.False);
        Assert.That((await wait.WithinSafetyAsync()).GetInt32(), Is.EqualTo(1));
        Assert.That(recorder.All<InputReceived>(), Is.Empty, "only the one that was published as JSON");
    }

    [Test]
    public async Task A_question_that_waits_is_found_when_the_history_has_it_no_more()
    {
        await using var recorder = Forgetful();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var wait = run.RequestInputAsync("Go on?");
        var id = recorder.Single<InputRequested>().Id;
        FillHistory(recorder);
        Assert.That(recorder.All<InputRequested>(), Is.Empty);

        Assert.That(recorder.Bus.ListOpenInputs(RunRecorder.Topic).Select(static input => input.Request.Id), Is.EqualTo([id]));
        Assert.That(Answer(recorder, id, "1").IsAccepted, Is.True);

        Assert.That((await wait.WithinSafetyAsync()).GetInt32(), Is.EqualTo(1));
        Assert.That(recorder.Bus.ListOpenInputs(RunRecorder.Topic), Is.Empty);
        FillHistory(recorder);
        Assert.That(Answer(recorder, id, "2").Outcome, Is.EqualTo(AgentInputOutcome.NotFound));
    }

    [Test]
    public async Task A_question_that_others_have_published_is_answered_in_their_name()
    {
        await using var recorder = new RunRecorder();
        recorder.Bus.Publish(RunRecorder.Topic, new EventDraft("input.requested", Json("""{"id":"q1","prompt":"Go on?"}""")) { RunId = "far", Source = "worker:far", ParentId = "call", CorrelationId = "c" });

        Assert.That(Answer(recorder, "q1", "1"), Is.EqualTo(new AgentInputAnswer(AgentInputOutcome.Accepted, "far")));
        Assert.That(Answer(recorder, "q1", "2"), Is.EqualTo(new AgentInputAnswer(AgentInputOutcome.AlreadyAnswered, "far")));

        var told = recorder.Events.Single(static item => item.Data is InputReceived);
        Assert.That((told.RunId, told.Source, told.ParentId, told.CorrelationId), Is.EqualTo(("far", "worker:far", "call", "c")));
    }

    [Test]
    [Repeat(50)]
    public async Task Of_answers_to_others_at_the_same_time_one_is_told()
    {
        await using var recorder = new RunRecorder();
        Publish(recorder, "input.requested", """{"id":"q1","prompt":"Go on?"}""");

        var accepted = await AllAtOnceAsync(() => Answer(recorder, "q1", "1").IsAccepted, () => Answer(recorder, "q1", "2").IsAccepted);

        Assert.That(accepted.Count(static isAccepted => isAccepted), Is.EqualTo(1));
        Assert.That(recorder.All<InputReceived>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_question_is_open_again_when_it_is_asked_again_and_over_when_its_run_is()
    {
        await using var recorder = new RunRecorder();
        var asked = new EventDraft("input.requested", Json("""{"id":"q1","prompt":"Go on?"}""")) { RunId = "far" };
        recorder.Bus.Publish(RunRecorder.Topic, asked);
        Assert.That(Answer(recorder, "q1", "1").IsAccepted, Is.True);
        recorder.Bus.Publish(RunRecorder.Topic, asked);

        Assert.That(Answer(recorder, "q1", "2").IsAccepted, Is.True);
        recorder.Bus.Publish(RunRecorder.Topic, asked);
        Assert.That(recorder.Bus.ListOpenInputs(RunRecorder.Topic), Has.Count.EqualTo(1));
        recorder.Bus.Publish(RunRecorder.Topic, new EventDraft("run.complete", Json("""{"outcome":"success"}""")) { RunId = "far" });

        Assert.That(recorder.Bus.ListOpenInputs(RunRecorder.Topic), Is.Empty);
        Assert.That(Answer(recorder, "q1", "3").Outcome, Is.EqualTo(AgentInputOutcome.AlreadyAnswered));
    }

    [Test]
    public async Task An_answer_whose_question_the_history_has_no_more_is_one_still()
    {
        await using var recorder = new RunRecorder();
        Publish(recorder, "input.received", """{"id":"q1","value":1}""");

        Assert.That(Answer(recorder, "q1", "2").Outcome, Is.EqualTo(AgentInputOutcome.AlreadyAnswered));
    }

    [Test]
    public async Task Questions_are_listed_as_they_were_asked()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        _ = run.RequestInputAsync("1");
        Publish(recorder, "input.requested", """{"id":"q2","prompt":"2"}""");
        Publish(recorder, "input.requested", "[]");
        _ = run.RequestInputAsync("3");
        _ = run.RequestInputAsync("4");
        run.TryAnswer(recorder.All<InputRequested>()[1].Id, RunRecorder.Json("1"));

        var open = recorder.Bus.ListOpenInputs(RunRecorder.Topic);

        Assert.That(open.Select(static input => input.Request.Prompt), Is.EqualTo(["1", "2", "4"]));
        Assert.That(open.Select(static input => input.RunId), Is.EqualTo([run.RunId, null, run.RunId]));
    }

    [Test]
    public async Task Null_withdraws_a_question_and_nothing_at_all_is_a_mistake()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var wait = run.RequestInputAsync("Go on?");
        var id = recorder.Single<InputRequested>().Id;

        Assert.That(() => recorder.Bus.AnswerInput(RunRecorder.Topic, id, default(JsonElement)), Throws.ArgumentException);
        Assert.That(() => run.TryAnswer(id, default(JsonElement)), Throws.ArgumentException);
        Assert.That(wait.IsCompleted, Is.False);
        Assert.That(Answer(recorder, id, "null").IsAccepted, Is.True);

        Assert.That(async () => await wait.WithinSafetyAsync(), Throws.InstanceOf<AgentInputWithdrawnException>());
        Assert.That(recorder.Single<InputReceived>().Value, Is.Null);
    }

    [Test]
    public async Task An_answer_that_is_too_large_leaves_the_question_open()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var wait = run.RequestInputAsync("Go on?");
        var id = recorder.Single<InputRequested>().Id;

        Assert.That(() => Answer(recorder, id, $"\"{new string('x', 4 << 20)}\""), Throws.ArgumentException);
        Assert.That(Answer(recorder, id, "1").IsAccepted, Is.True);

        Assert.That((await wait.WithinSafetyAsync()).GetInt32(), Is.EqualTo(1));
    }

    private static AgentInputAnswer Answer(RunRecorder recorder, string id, string value) => recorder.Bus.AnswerInput(RunRecorder.Topic, id, RunRecorder.Json(value));

    private static RunRecorder Forgetful() => new(new EventStreamingOptions { History = { Capacity = 8, CriticalCapacity = 8 } });

    private static void FillHistory(RunRecorder recorder)
    {
        for (var i = 0; i < 16; i++)
        {
            recorder.Bus.Publish(RunRecorder.Topic, "input.requested", Json("[]"));
        }
    }

    private static void Publish(RunRecorder recorder, string type, string json) => recorder.Bus.Publish(RunRecorder.Topic, type, Json(json));

    private static JsonPayload Json(string json) => JsonPayload.Parse(Encoding.UTF8.GetBytes(json));

    private static async Task<bool[]> AllAtOnceAsync(params Func<bool>[] calls)
    {
        using var start = new Barrier(calls.Length);
        return await Task.WhenAll(calls.Select(call => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return call();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))).WithinSafetyAsync();
    }
}
