using EventStreaming.Agents.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Steps;

internal sealed class AgentStepTests
{
    [Test]
    public async Task Steps_are_counted_and_timed()
    {
        var clock = new ManualTimeProvider();
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chain", new AgentRunOptions { TimeProvider = clock, TotalSteps = 2 });

        var first = run.StartStep("Read", new AgentStepOptions { ModelId = "m", HasKnowledge = true, HasTools = true });
        first.AddUsage(5, 6);
        clock.Advance(TimeSpan.FromSeconds(3));
        first.Complete();
        run.StartStep("Write", new AgentStepOptions { StepId = "write" }).Complete(new TokenUsage(1, 2), cached: true);
        run.Complete();

        Assert.That(recorder.All<StepStarted>(), Is.EqualTo(new[] { new StepStarted("step-1", "Read", 1, 2, "m", true, true), new StepStarted("write", "Write", 2, 2) }));
        Assert.That(recorder.All<StepCompleted>(), Is.EqualTo(new[]
        {
            new StepCompleted("step-1", "Read", 1, 2, new TokenUsage(5, 6), TimeSpan.FromSeconds(3)),
            new StepCompleted("write", "Write", 2, 2, new TokenUsage(1, 2), TimeSpan.Zero, Cached: true),
        }));
        Assert.That(recorder.Single<RunCompleted>().Usage, Is.EqualTo(new TokenUsage(5, 6)));
    }

    [Test]
    public async Task A_step_that_fails_is_ended_and_the_run_goes_on()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "chain");

        run.StartStep("Read").Fail("unreadable", "It could not be read.");

        Assert.That(recorder.Story, Is.EqualTo("run.start step.start error step.complete"));
        Assert.That(recorder.Single<AgentError>(), Is.EqualTo(new AgentError("unreadable", "It could not be read.", Recoverable: true, StepId: "step-1")));
    }
}
