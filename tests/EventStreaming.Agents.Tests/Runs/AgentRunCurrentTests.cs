using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

internal sealed class AgentRunCurrentTests
{
    [Test]
    public async Task Code_deep_inside_reports_without_being_given_the_run()
    {
        await using var recorder = new RunRecorder();

        await recorder.Bus.RunAsync(RunRecorder.Topic, "generation", static async (_, _) => await GenerateAsync());

        Assert.That(recorder.Single<Progress>(), Has.Property(nameof(Progress.Stage)).EqualTo("llm_generation").And.Property(nameof(Progress.Fraction)).EqualTo(0.5));
        Assert.That(AgentRun.Current, Is.Null);

        static async Task GenerateAsync()
        {
            await Task.Yield();
            await Task.Run(static () => AgentRun.Current?.Progress(0.5, "llm_generation"));
        }
    }

    [Test]
    public async Task A_nested_run_is_current_until_it_ends()
    {
        await using var recorder = new RunRecorder();

        using (var outer = recorder.Bus.StartRun(RunRecorder.Topic, "index"))
        {
            using (var inner = recorder.Bus.StartRun(RunRecorder.Topic, "scan"))
            {
                Assert.That(AgentRun.Current, Is.SameAs(inner));
                inner.Complete();
                Assert.That(AgentRun.Current, Is.SameAs(outer));
            }

            Assert.That(AgentRun.Current, Is.SameAs(outer));
        }

        Assert.That(AgentRun.Current, Is.Null);
    }

    [Test]
    public async Task Workers_that_are_started_side_by_side_are_current_only_where_that_is_asked_for()
    {
        await using var recorder = new RunRecorder();
        using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        using var worker = run.StartWorker("1", "scan");

        Assert.That(AgentRun.Current, Is.SameAs(run));
        using (worker.MakeCurrent())
        {
            Assert.That(AgentRun.Current, Is.SameAs(worker));
        }

        Assert.That(AgentRun.Current, Is.SameAs(run));
    }

    [Test]
    public async Task A_run_that_was_ended_elsewhere_is_current_no_more()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");

        await Task.Run(() => run.Complete());

        Assert.That(AgentRun.Current, Is.Null);
    }

    [Test]
    public async Task Runs_that_follow_each_other_in_one_flow_do_not_keep_each_other()
    {
        await using var recorder = new RunRecorder();
        var (first, last) = await StartOneAfterAnotherAsync(recorder.Bus);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.That(first.TryGetTarget(out _), Is.False);

        // Held until here: what it is inside of would be held with it.
        last.Dispose();
    }

    private static async Task<(WeakReference<AgentRun> First, AgentRun Last)> StartOneAfterAnotherAsync(EventBus bus)
    {
        // Each begins before the one before it ends, and so inside it; none is ended where it was begun.
        var before = bus.StartRun(RunRecorder.Topic, "index");
        var first = new WeakReference<AgentRun>(before);
        for (var i = 0; i < 10; i++)
        {
            var run = bus.StartRun(RunRecorder.Topic, "index");
            var ending = before;
            await Task.Run(() => ending.Complete());
            before = run;
        }

        return (first, before);
    }
}
