using EventStreaming.Agents.Serialization;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

internal sealed class RunAsyncTests
{
    [Test]
    public async Task Work_that_returns_is_a_success_with_what_it_returns()
    {
        await using var recorder = new RunRecorder();

        var result = await recorder.Bus.RunAsync(RunRecorder.Topic, "index", static (_, _) => Task.FromResult(new Status("done")), AgentJsonContext.Default.Status);

        Assert.That(result, Is.EqualTo(new Status("done")));
        Assert.That(recorder.Single<RunCompleted>().Result!.Value.GetProperty("message").GetString(), Is.EqualTo("done"));
    }

    [Test]
    public async Task Work_that_throws_has_failed_and_the_caller_hears_of_it_too()
    {
        await using var recorder = new RunRecorder();

        Assert.That(
            async () => await recorder.Bus.RunAsync(RunRecorder.Topic, "index", static (_, _) => throw new InvalidDataException("No JSON.")),
            Throws.InstanceOf<InvalidDataException>());

        Assert.That(recorder.Single<AgentError>(), Is.EqualTo(new AgentError("internal_error", "The work failed. The host's log knows why.")));
    }

    [Test]
    public async Task Work_that_stops_because_it_was_told_to_was_cancelled()
    {
        await using var recorder = new RunRecorder();
        using var stop = new CancellationTokenSource();

        Assert.That(
            async () => await recorder.Bus.RunAsync(
                RunRecorder.Topic,
                "index",
                async (_, cancellationToken) =>
                {
                    await stop.CancelAsync();
                    cancellationToken.ThrowIfCancellationRequested();
                },
                new AgentRunOptions { CancellationToken = stop.Token }),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(recorder.Single<RunCompleted>().Outcome, Is.EqualTo(RunOutcome.Cancelled));
    }

    [Test]
    public async Task A_cancellation_that_nobody_asked_the_run_for_is_a_failure()
    {
        await using var recorder = new RunRecorder();

        Assert.That(async () => await recorder.Bus.RunAsync(RunRecorder.Topic, "index", static (_, _) => throw new OperationCanceledException()), Throws.InstanceOf<OperationCanceledException>());

        Assert.That(recorder.Single<AgentError>().Code, Is.EqualTo("operation_cancelled"));
    }

    [Test]
    public async Task Work_may_end_the_run_itself()
    {
        await using var recorder = new RunRecorder();

        await recorder.Bus.RunAsync(RunRecorder.Topic, "index", static (run, _) =>
        {
            run.Fail("empty", "There is nothing to index.");
            return Task.CompletedTask;
        });

        Assert.That(recorder.Story, Is.EqualTo("run.start error"));
    }

    [Test]
    public async Task A_result_that_is_too_large_is_a_failure()
    {
        await using var recorder = new RunRecorder(new EventStreamingOptions { MaxEventBytes = 1_024 });

        Assert.That(
            async () => await recorder.Bus.RunAsync(RunRecorder.Topic, "index", static (_, _) => Task.FromResult(new Status(new string('x', 2_000))), AgentJsonContext.Default.Status),
            Throws.ArgumentException);

        Assert.That(recorder.Story, Is.EqualTo("run.start error"));
    }

    [Test]
    public void What_the_work_threw_is_heard_even_when_the_bus_is_gone()
    {
        var bus = new EventBus(catalog: AgentEvents.Catalog);

        Assert.That(
            async () => await bus.RunAsync(RunRecorder.Topic, "index", (_, _) =>
            {
                bus.Dispose();
                throw new IOException("Unreadable.");
            }),
            Throws.InstanceOf<IOException>());
    }
}
