using EventStreaming.Agents.Runs;
using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runs;

internal sealed class OpenPartsTests
{
    [Test]
    public void What_was_started_first_may_end_first_without_a_search()
    {
        var open = new OpenParts(limit: 10_000, outer: null);
        var parts = Enumerable.Range(0, 10_000).Select(static _ => new Part()).ToArray();
        foreach (var part in parts)
        {
            open.Add(part);
        }

        Assert.That(parts.Count(open.Remove), Is.EqualTo(parts.Length));
        Assert.That(parts.Sum(static part => part.Compared), Is.Zero, "parts that were compared with another");
        Assert.That(open.Remove(parts[0]), Is.False);
    }

    [Test]
    public void They_are_taken_out_last_started_first_whatever_has_ended_in_between()
    {
        var open = new OpenParts(limit: 10, outer: null);
        var (first, second, third) = (new Part(), new Part(), new Part());
        open.Add(first);
        open.Add(second);
        open.Add(third);
        open.Remove(second);

        Assert.That(open.TryTakeLast(out var last) && ReferenceEquals(last, third), Is.True);
        Assert.That(open.TryTakeLast(out last) && ReferenceEquals(last, first), Is.True);
        Assert.That(open.TryTakeLast(out _), Is.False);
    }

    [Test]
    public async Task A_run_and_its_workers_have_a_bounded_number_of_parts_open()
    {
        await using var recorder = new RunRecorder();
        await using var run = recorder.Bus.StartRun(RunRecorder.Topic, "index", new AgentRunOptions { MaxOpenParts = 3 });
        var worker = run.StartWorker("1", "scan", new AgentRunOptions { MaxOpenParts = 100 });
        var inner = worker.StartTool("read");
        var message = run.StartMessage();
        var told = recorder.Story;

        foreach (var start in new Action[]
        {
            () => run.StartStep("Read"), () => run.StartTool("read"), () => run.StartMessage(), () => run.StartRetrieval(["docs"]), () => worker.StartTool("read"), () => inner.StartTool("read"),
            () => run.StartWorker("2", "scan"), () => _ = run.RequestInputAsync("Go on?"),
        })
        {
            Assert.That(() => start(), Throws.InvalidOperationException.With.Message.Contains("MaxOpenParts"));
        }

        Assert.That(recorder.Story, Is.EqualTo(told), "nothing is told of what is refused");
        message.Dispose();
        Assert.That(() => run.StartStep("Read"), Throws.Nothing);
        worker.Complete();
        Assert.That(() => (run.StartTool("read"), run.StartTool("read")), Throws.Nothing, "a worker's end frees what it had open, too");
    }

    [Test]
    public async Task A_run_ends_with_ten_thousand_parts_open()
    {
        await using var recorder = new RunRecorder();
        var run = recorder.Bus.StartRun(RunRecorder.Topic, "index");
        for (var i = 0; i < 10_000; i++)
        {
            run.StartStep("Read");
        }

        run.Complete();

        Assert.That(recorder.All<StepCompleted>(), Has.Count.EqualTo(10_000));
    }

    private sealed class Part : IOpenPart
    {
        public LinkedListNode<IOpenPart>? Place { get; set; }

        public int Compared { get; private set; }

        public void CloseWith(RunEnd end)
        {
        }

        public void Retell()
        {
        }

        public override bool Equals(object? obj)
        {
            Compared++;
            return ReferenceEquals(this, obj);
        }

        public override int GetHashCode() => 0;
    }
}
