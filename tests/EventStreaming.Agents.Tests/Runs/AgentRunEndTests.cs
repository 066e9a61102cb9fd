using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

internal sealed class AgentRunEndTests
{
    [Test]
    public async Task A_run_that_is_left_without_a_word_has_failed_as_incomplete()
    {
        await using var recorder = new RunRecorder();

        recorder.Bus.StartRun(RunRecorder.Topic, "index").Dispose();

        Assert.That(recorder.Story, Is.EqualTo("run.start error"));
        Assert.That(recorder.Single<AgentError>(), Has.Property(nameof(AgentError.Code)).EqualTo("incomplete").And.Property(nameof(AgentError.Recoverable)).False);
    }

    [Test]
    public async Task A_run_that_is_left_when_its_token_is_cancelled_was_cancelled()
    {
        await using var recorder = new RunRecorder();
        using var stop = new CancellationTokenSource();

        await using (recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { CancellationToken = stop.Token }))
        {
            await stop.CancelAsync();
        }

        Assert.That(recorder.Single<RunCompleted>().Outcome, Is.EqualTo(RunOutcome.Cancelled));
    }

    [Test]
    public async Task Disposing_a_run_that_has_ended_tells_nothing()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        run.Complete(RunRecorder.Json("""{"files":3}"""));
        run.Dispose();
        await run.DisposeAsync();

        Assert.That(recorder.Story, Is.EqualTo("run.start run.complete"));
        Assert.That(recorder.Single<RunCompleted>().Result!.Value.GetProperty("files").GetInt32(), Is.EqualTo(3));
        Assert.That(run.IsEnded, Is.True);
    }

    [Test]
    public async Task Tools_that_are_open_when_a_run_fails_have_failed_with_it()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        run.StartTool("search");

        run.Fail("disk_full", "The disk is full.");

        Assert.That(recorder.Story, Is.EqualTo("run.start tool_call.start tool_call.complete error"));
        Assert.That(recorder.Single<ToolCallCompleted>().Error, Does.Contain("The disk is full."));
        Assert.That(recorder.Single<AgentError>(), Is.EqualTo(new AgentError("disk_full", "The disk is full.")));
    }

    [Test]
    public async Task An_exception_is_told_by_its_kind_and_not_by_its_message()
    {
        await using var recorder = new RunRecorder();

        recorder.Bus.StartRun(RunRecorder.Topic, "index").Fail(new TimeoutException("Too slow."));

        Assert.That(recorder.Single<AgentError>(), Is.EqualTo(new AgentError("timeout", "It took longer than it may.")));
    }

    [Test]
    public async Task A_host_decides_what_viewers_are_told_of_an_exception()
    {
        await using var recorder = new RunRecorder();
        var options = new AgentRunOptions { DescribeError = static _ => new AgentError("failed", "Something went wrong.", Recoverable: true) };

        recorder.Bus.StartRun(RunRecorder.Topic, "index", options).Fail(new InvalidDataException("password=1234"));

        Assert.That(recorder.Single<AgentError>(), Is.EqualTo(new AgentError("failed", "Something went wrong.")), "and it ends the run, whatever was said");
    }

    [Test]
    public async Task A_host_that_cannot_describe_an_exception_neither_hides_it_nor_keeps_the_run_from_its_end()
    {
        await using var recorder = new RunRecorder();
        var options = new AgentRunOptions { DescribeError = static _ => throw new InvalidCastException("password=1234") };

        Assert.That(
            async () => await recorder.Bus.RunAsync(RunRecorder.Topic, "index", static (_, _) => throw new TimeoutException("secret=5678"), options),
            Throws.InstanceOf<TimeoutException>());

        Assert.That(recorder.Single<AgentError>(), Is.EqualTo(new AgentError("timeout", "What happened cannot be told: DescribeError threw InvalidCastException.")));
    }

    /// <summary>It is the host's code, and may wait for another thread that uses the run.</summary>
    [Test]
    public async Task What_describes_an_exception_may_wait_for_the_run()
    {
        await using var recorder = new RunRecorder();
        AgentRun? run = null;
        run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions
        {
            DescribeError = exception =>
            {
                var other = new Thread(() => run!.Status("Something went wrong."));
                other.Start();
                other.Join();
                return new AgentError("failed", exception.Message);
            },
        });
        var call = run.StartTool("search");

        await Task.Run(() => call.Fail(new IOException("Unreadable."))).WithinSafetyAsync();
        await Task.Run(() => run.Fail(new IOException("Unreadable."))).WithinSafetyAsync();

        Assert.That(recorder.Story, Is.EqualTo("run.start tool_call.start status tool_call.complete status error"));
    }

    [Test]
    public async Task A_result_that_is_too_large_is_refused_and_the_run_can_still_end_otherwise()
    {
        await using var recorder = new RunRecorder(new EventStreamingOptions { MaxEventBytes = 1_024 });
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        Assert.That(() => run.Complete(RunRecorder.Json($"\"{new string('x', 2_000)}\"")), Throws.ArgumentException);
        Assert.That(run.IsEnded, Is.False);
        run.Complete();

        Assert.That(recorder.Story, Is.EqualTo("run.start run.complete"));
    }

    [Test]
    public async Task What_is_too_large_to_be_told_in_full_when_a_run_ends_is_ended_nevertheless()
    {
        await using var recorder = new RunRecorder(new EventStreamingOptions { MaxEventBytes = 1_024 });
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var call = run.StartTool("search");
        call.AddSubStep(RunRecorder.Json($"\"{new string('x', 2_000)}\""));
        var message = run.StartMessage();
        for (var i = 0; i < 10; i++)
        {
            message.Append(new string('y', 100));
        }

        run.Dispose();

        Assert.That(recorder.Story, Does.EndWith("message.complete tool_call.complete error"));
        Assert.That(recorder.Single<MessageCompleted>().Text, Does.Match("^y{100,}$"));
        Assert.That(recorder.Single<ToolCallCompleted>().SubSteps, Is.Null);
    }

    [Test]
    public void Disposing_a_run_whose_bus_is_gone_throws_nothing()
    {
        var bus = new EventBus(catalog: AgentEvents.Catalog);
        var run = bus.StartRun(RunRecorder.Topic, "index");
        run.StartTool("search");
        run.StartMessage().Append("Hel");
        bus.Dispose();

        Assert.That(run.Dispose, Throws.Nothing);
        Assert.That(run.IsEnded, Is.True);
    }

    [Test]
    public async Task The_tokens_of_a_run_are_told_at_its_end_with_those_of_its_workers()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        var worker = run.StartWorker("1", "scan");
        run.AddUsage(10, 1);
        worker.AddUsage(20, 2);
        worker.Complete();
        run.Complete();

        Assert.That(recorder.All<RunCompleted>().Select(static end => end.Usage), Is.EqualTo(new TokenUsage?[] { new(20, 2), new(30, 3) }));
    }
}
