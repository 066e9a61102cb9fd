using EventStreaming;
using EventStreaming.Agents;
using Indexing.Tests.Support;
using NUnit.Framework;

namespace Indexing.Tests;

internal sealed class IndexingJobTests
{
    [Test]
    public async Task Its_events_tell_all_of_it_in_order()
    {
        using var directory = new TempDirectory().Write("a.txt", "one\n");
        var events = await RunAsync(directory.Path, workers: 1);

        Assert.That(
            events.Where(item => item.Source is "worker:1").Select(item => item.Type),
            Is.EqualTo(["run.start", "tool_call.start", "tool_call.complete", "progress", "subagent.report", "run.complete"]));
        Assert.That(
            events.Where(item => item.Source is "queen" && item.Type is not "message.delta").Select(item => item.Type),
            Is.EqualTo(
            [
                "run.start", "step.start", "status", "step.complete", "step.start", "status", "progress", "step.complete",
                "step.start", "message.start", "message.complete", "step.complete", "run.complete",
            ]));
        Assert.That(events[^1], Has.Property("Source").EqualTo("queen").And.Property("IsTerminal").True);
    }

    [Test]
    public async Task The_deltas_make_the_message()
    {
        using var directory = new TempDirectory().Write("a.txt", "TODO\n");
        var events = await RunAsync(directory.Path, workers: 1);

        var streamed = string.Concat(events.Select(item => item.Data).OfType<MessageDelta>().Select(delta => delta.Text));
        Assert.That(events.Select(item => item.Data).OfType<MessageCompleted>().Single().Text, Is.EqualTo(streamed).And.Contain("a.txt:1 TODO"));
    }

    [Test]
    public async Task A_failure_is_told_as_an_error_that_ends_the_run()
    {
        using var directory = new TempDirectory();
        var events = await RunAsync(directory["gone"], workers: 2);

        Assert.That(events[^1].Data, Is.InstanceOf<AgentError>().With.Property("Recoverable").False.And.Property("Message").Contains("gone"));
        Assert.That(events.Select(item => item.Type), Has.No.Member("run.complete"));
    }

    [Test]
    public async Task When_cancelled_before_it_begins_it_tells_that_nothing_was_done()
    {
        using var directory = new TempDirectory().Write("a.txt", "one\n");
        var events = await RunAsync(directory.Path, workers: 2, stop: new CancellationToken(canceled: true));

        Assert.That(events[^1].Data, Is.InstanceOf<RunCompleted>().With.Property("Outcome").EqualTo(RunOutcome.Cancelled));
        Assert.That(events.Select(item => item.Type), Has.No.Member("tool_call.start"));
    }

    [Test]
    public async Task When_cancelled_while_it_reads_every_call_that_began_is_completed()
    {
        using var directory = new TempDirectory().WriteHuge(1_000);
        using var stop = new CancellationTokenSource();
        var events = await RunAsync(
            directory.Path,
            workers: 2,
            item =>
            {
                if (item.Data is ToolCallStarted)
                {
                    stop.Cancel();
                }
            },
            stop.Token);

        var started = events.Select(item => item.Data).OfType<ToolCallStarted>().Select(call => call.Id).ToArray();
        Assert.That(started, Is.Not.Empty);
        Assert.That(events.Select(item => item.Data).OfType<ToolCallCompleted>().Select(call => call.Id), Is.EquivalentTo(started));
        Assert.That(
            events.Where(item => item.Type is "run.complete").Select(item => item.Source), Is.EquivalentTo(["worker:1", "worker:2", "queen"]));
        Assert.That(events[^1].Data, Is.InstanceOf<RunCompleted>().With.Property("Outcome").EqualTo(RunOutcome.Cancelled));
    }

    [Test]
    public async Task A_workers_run_names_the_queens_as_its_parent()
    {
        using var directory = new TempDirectory();
        var events = await RunAsync(directory.Path, workers: 1);
        var begun = events.Where(item => item.Data is RunStarted).ToDictionary(item => item.Source!, StringComparer.Ordinal);
        Assert.That(((RunStarted)begun["worker:1"].Data!).ParentRunId, Is.EqualTo(begun["queen"].RunId));
        Assert.That(begun["worker:1"].RunId, Is.Not.EqualTo(begun["queen"].RunId));
    }

    [Test]
    public async Task Its_workers_are_called_as_it_was_told()
    {
        using var directory = new TempDirectory().Write("a.txt", "one\n");
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        var job = new IndexingJob(new IndexingOptions(directory.Path, 2) { FirstWorker = 5 });
        await job.RunAsync(bus, "session-1", TimeProvider.System, CancellationToken.None);

        Assert.That(job.WorkerIds, Is.EqualTo(["5", "6"]));
        var begun = new List<string?>();
        await using var reader = bus.Subscribe(new SubscriptionOptions { Topic = "session-1", From = EventCursor.Start, Types = ["run.start"], IncludeWorkers = true });
        while (reader.TryRead(out var item))
        {
            begun.Add(item.Source);
        }

        Assert.That(begun, Is.EquivalentTo(["queen", "worker:5", "worker:6"]));
    }

    [Test]
    public async Task Progress_is_told_at_a_rate_rather_than_for_each_file_and_its_end_always()
    {
        using var directory = new TempDirectory().WriteMany(300);
        var events = await RunAsync(directory.Path, workers: 2, clock: new StillTime());

        var progress = events.Where(item => item.Data is Progress).GroupBy(item => item.Source, item => (Progress)item.Data!);
        foreach (var told in progress.Select(run => run.ToArray()))
        {
            Assert.That(told, Has.Length.EqualTo(2), "no time has passed between the first and the last");
            Assert.That((told[^1].Fraction, told[^1].Current), Is.EqualTo((1, told[^1].Total)));
        }

        Assert.That(progress.Select(run => run.Key), Is.EquivalentTo(["queen", "worker:1", "worker:2"]));
    }

    [Test]
    public async Task What_was_published_is_counted()
    {
        using var directory = new TempDirectory().WriteMany(20);
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        var published = new PublishedTally();
        await new IndexingJob(new IndexingOptions(directory.Path, 3)).RunAsync(new CountingBus(bus, published), "session-1", TimeProvider.System, CancellationToken.None);

        Assert.That(published.Events, Is.EqualTo(bus.FindTopic("session-1")!.Head.Sequence));
        Assert.That(published.Critical, Is.InRange(1, published.Events - 1));
    }

    private static async Task<IReadOnlyList<StreamEvent>> RunAsync(
        string directory, int workers, Action<StreamEvent>? watch = null, CancellationToken stop = default, TimeProvider? clock = null)
    {
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        var events = new List<StreamEvent>();
        var reader = bus.Subscribe(
            new SubscriptionOptions { Topic = "session-1", From = EventCursor.Start, IncludeWorkers = true, OnNormalOverflow = NormalOverflow.CatchUp },
            (item, _) =>
            {
                events.Add(item);
                watch?.Invoke(item);
                return ValueTask.CompletedTask;
            },
            cancellationToken: CancellationToken.None);
        await new IndexingJob(new IndexingOptions(directory, workers)).RunAsync(bus, "session-1", clock ?? TimeProvider.System, stop);
        await reader.Completion.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
        return events;
    }

    /// <summary>A clock that stands still, so that no time is ever over.</summary>
    private sealed class StillTime : TimeProvider
    {
        public override long GetTimestamp() => 1;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
