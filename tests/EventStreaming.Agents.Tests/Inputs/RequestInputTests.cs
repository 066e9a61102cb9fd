using System.Text;
using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Inputs;

internal sealed class RequestInputTests
{
    private const string Asked = "run.start run.paused input.requested";

    [Test]
    public async Task An_answer_may_come_from_anyone_as_raw_json()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var answer = run.RequestInputAsync("Go on?", RunRecorder.Json("""{"type":"boolean"}"""));

        recorder.Bus.Publish(RunRecorder.Topic, "input.received", JsonPayload.Parse("[]"u8.ToArray()));
        recorder.Bus.Publish(RunRecorder.Topic, "input.received", JsonPayload.Parse("""{"id":"another","value":false}"""u8.ToArray()));
        Answer(recorder, "true");

        Assert.That((await answer.WithinSafetyAsync()).GetBoolean(), Is.True);
        Assert.That(recorder.Story, Is.EqualTo(Asked + " input.received input.received input.received run.resumed"));
        Assert.That(recorder.Single<InputRequested>().Schema.ToString(), Does.Contain("boolean"));
    }

    [Test]
    public async Task An_answer_through_the_run_is_the_runs_own_and_counts_once()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        await using var worker = run.StartWorker("1", "scan");
        var answer = worker.RequestInputAsync("Go on?");
        var id = recorder.Single<InputRequested>().Id;

        Assert.That(run.TryAnswer("another", RunRecorder.Json("1")), Is.False);
        Assert.That(run.TryAnswer(id, RunRecorder.Json("1")), Is.True);
        Assert.That(run.TryAnswer(id, RunRecorder.Json("2")), Is.False);

        Assert.That((await answer.WithinSafetyAsync()).GetInt32(), Is.EqualTo(1));
        Assert.That(recorder.Events.Single(static item => item.Data is InputReceived).RunId, Is.EqualTo(worker.RunId));
    }

    [Test]
    public async Task A_question_that_is_cancelled_is_withdrawn_and_the_run_goes_on()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        using var wait = new CancellationTokenSource();
        var answer = run.RequestInputAsync("Go on?", cancellationToken: wait.Token);

        await wait.CancelAsync();

        var thrown = Assert.CatchAsync<OperationCanceledException>(async () => await answer.WithinSafetyAsync());
        Assert.That(thrown!.CancellationToken, Is.EqualTo(wait.Token));
        Assert.That(recorder.Story, Is.EqualTo(Asked + " input.received run.resumed"));
        Assert.That(recorder.Single<InputReceived>().Value, Is.Null);
    }

    [Test]
    public async Task A_question_is_withdrawn_when_the_run_is_told_to_stop()
    {
        await using var recorder = new RunRecorder();
        using var stop = new CancellationTokenSource();
        var task = recorder.Bus.RunAsync(RunRecorder.Topic, "index", static (run, cancellationToken) => run.RequestInputAsync("Go on?", cancellationToken: cancellationToken), options: new AgentRunOptions { CancellationToken = stop.Token });

        await stop.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(async () => await task.WithinSafetyAsync());
        Assert.That(recorder.Story, Is.EqualTo(Asked + " input.received run.resumed run.complete"));
        Assert.That(recorder.Single<RunCompleted>().Outcome, Is.EqualTo(RunOutcome.Cancelled));
    }

    [Test]
    public async Task A_question_is_withdrawn_when_its_run_ends()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var answer = run.RequestInputAsync("Go on?");

        run.Complete();

        Assert.That(async () => await answer.WithinSafetyAsync(), Throws.InstanceOf<AgentInputWithdrawnException>());
        Assert.That(recorder.Story, Is.EqualTo(Asked + " input.received run.complete"));
    }

    [Test]
    public async Task Somebody_may_say_that_there_will_be_no_answer()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var answer = run.RequestInputAsync("Go on?");

        Answer(recorder, "null");

        Assert.That(async () => await answer.WithinSafetyAsync(), Throws.InstanceOf<AgentInputWithdrawnException>());
        Assert.That(recorder.Story, Is.EqualTo(Asked + " input.received run.resumed"));
    }

    [Test]
    public async Task A_question_whose_token_is_cancelled_already_is_not_asked()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        Assert.CatchAsync<OperationCanceledException>(async () => await run.RequestInputAsync("Go on?", cancellationToken: new CancellationToken(canceled: true)));

        Assert.That(recorder.Story, Is.EqualTo("run.start"));
    }

    [Test]
    public async Task Several_reasons_to_wait_are_one_pause()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        var answer = run.RequestInputAsync("Go on?");
        var pause = run.Pause("quota");
        Assert.That(run.TryAnswer(recorder.Single<InputRequested>().Id, RunRecorder.Json("1")), Is.True);
        await answer.WithinSafetyAsync();
        pause.Dispose();
        pause.Dispose();
        run.Pause("quota").Dispose();

        Assert.That(recorder.Story, Is.EqualTo(Asked + " input.received run.resumed run.paused run.resumed"));
    }

    [Test]
    [Repeat(50)]
    public async Task An_answer_and_a_cancellation_at_the_same_time_end_a_question_once()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        using var wait = new CancellationTokenSource();
        var answer = run.RequestInputAsync("Go on?", cancellationToken: wait.Token);
        var id = recorder.Single<InputRequested>().Id;
        using var start = new Barrier(2);

        var answered = Task.Run(() =>
        {
            start.SignalAndWait();
            return run.TryAnswer(id, RunRecorder.Json("1"));
        });
        await Task.Run(() =>
        {
            start.SignalAndWait();
            wait.Cancel();
        });
        var isAnswered = await answered;

        if (isAnswered)
        {
            Assert.That((await answer.WithinSafetyAsync()).GetInt32(), Is.EqualTo(1));
        }
        else
        {
            Assert.CatchAsync<OperationCanceledException>(async () => await answer.WithinSafetyAsync());
        }

        run.Complete();
        Assert.That(RunAudit.Check(recorder.Events), Is.Empty);
        Assert.That(recorder.All<InputReceived>(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_answer_that_is_there_when_the_wait_is_cancelled_is_the_answer_and_nothing_is_withdrawn()
    {
        await using var recorder = new RunRecorder();
        var bus = new HookedBus(recorder.Bus);
        await using var run = bus.StartRun(RunRecorder.Topic, "index");
        using var wait = new CancellationTokenSource();
        bus.Waiting = timeout =>
        {
            // The first wait; what looks again later has a timeout.
            if (timeout is null)
            {
                Answer(recorder, "true");
                wait.Cancel();
                throw new OperationCanceledException(wait.Token);
            }
        };

        var answer = await run.RequestInputAsync("Go on?", cancellationToken: wait.Token).WithinSafetyAsync();

        Assert.That(answer.GetBoolean(), Is.True);
        Assert.That(recorder.Story, Is.EqualTo(Asked + " input.received run.resumed"));
    }

    [Test]
    public async Task An_answer_that_anyone_gives_just_before_the_withdrawal_is_the_answer()
    {
        await using var recorder = new RunRecorder();
        var bus = new HookedBus(recorder.Bus);
        await using var run = bus.StartRun(RunRecorder.Topic, "index");
        using var wait = new CancellationTokenSource();
        bus.Publishing = draft =>
        {
            if (draft.Data is InputReceived { Value: null })
            {
                bus.Publishing = null;
                Answer(recorder, "true");
            }
        };
        var answer = run.RequestInputAsync("Go on?", cancellationToken: wait.Token);

        await wait.CancelAsync();

        Assert.That((await answer.WithinSafetyAsync()).GetBoolean(), Is.True);
        Assert.That(recorder.Story, Is.EqualTo(Asked + " input.received input.received run.resumed"));
    }

    [Test]
    public async Task An_answer_given_through_the_run_after_the_last_look_is_the_answer()
    {
        await using var recorder = new RunRecorder();
        var bus = new HookedBus(recorder.Bus);
        await using var run = bus.StartRun(RunRecorder.Topic, "index");
        using var wait = new CancellationTokenSource();
        bus.Waiting = timeout =>
        {
            if (timeout is not null)
            {
                // Finds nothing, as if the topic were gone; and by the time that is known, the question is answered.
                run.TryAnswer(recorder.Single<InputRequested>().Id, RunRecorder.Json("1"));
                throw new TimeoutException();
            }
        };
        var answer = run.RequestInputAsync("Go on?", cancellationToken: wait.Token);

        await wait.CancelAsync();

        Assert.That((await answer.WithinSafetyAsync()).GetInt32(), Is.EqualTo(1));
        Assert.That(recorder.Story, Is.EqualTo(Asked + " input.received run.resumed"));
    }

    [Test]
    public async Task The_withdrawal_of_a_tool_calls_question_belongs_to_the_call_too()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var call = run.StartTool("delete");
        var answer = run.RequestInputAsync("Delete it?", toolCallId: call.Id);

        run.Cancel();

        Assert.That(recorder.Events.Single(static item => item.Data is InputReceived).ParentId, Is.EqualTo(call.Id.ToString()));
        Assert.That(async () => await answer.WithinSafetyAsync(), Throws.InstanceOf<AgentInputWithdrawnException>());
    }

    [Test]
    public void A_question_ends_with_the_bus()
    {
        var bus = new EventBus(catalog: AgentEvents.Catalog);
        var run = bus.StartRun(RunRecorder.Topic, "index");
        var answer = run.RequestInputAsync("Go on?");

        bus.Dispose();

        Assert.That(async () => await answer.WithinSafetyAsync(), Throws.InstanceOf<EventStreamEndedException>());
    }

    private static void Answer(RunRecorder recorder, string value) =>
        recorder.Bus.Publish(RunRecorder.Topic, "input.received", JsonPayload.Parse(Encoding.UTF8.GetBytes($$"""{"id":"{{recorder.Single<InputRequested>().Id}}","value":{{value}}}""")));
}
