using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Catalog;

internal sealed class AgentEventsTests
{
    private static readonly Row[] Table =
    [
        new("session.created", Critical: true, Replay: true),
        new("run.start", Critical: true, Replay: true),
        new("run.complete", Critical: true, Replay: true, Terminal: true, Surface: true),
        new("error", Critical: true, Replay: true, Terminal: true, Surface: true),
        new("run.paused", Critical: true),
        new("run.resumed", Critical: true),
        new("status"),
        new("progress", Replay: true, Latest: true),
        new("step.start", Critical: true),
        new("step.complete", Critical: true),
        new("tool_call.start", Critical: true),
        new("tool_call.progress", Latest: true),
        new("tool_call.complete", Critical: true),
        new("message.start"),
        new("message.delta"),
        new("message.complete", Critical: true, Replay: true),
        new("reasoning.delta"),
        new("knowledge.retrieval_start"),
        new("knowledge.retrieved"),
        new("variable.substitution"),
        new("input.requested", Critical: true, Replay: true, Surface: true),
        new("input.received", Critical: true, Replay: true, Surface: true),
        new("credentials.required", Critical: true, Replay: true, Surface: true),
        new("subagent.report", Critical: true, Replay: true, Surface: true),
        new("loop.started", Critical: true),
        new("loop.iteration", Critical: true),
        new("loop.completed"),
        new("node.stalled"),
        new("node.retry"),
        new("context.usage"),
        new("context.compacted"),
        new("trigger.available", Replay: true),
        new("trigger.activated", Replay: true),
        new("trigger.deactivated", Replay: true),
        new("trigger.fired", Replay: true),
        new("trigger.removed", Replay: true),
        new("trigger.updated", Replay: true),
        new("session.snapshot"),
    ];

    [TestCaseSource(nameof(Table))]
    public void A_type_is_declared_as_the_table_says(Row row)
    {
        Assert.That(AgentEvents.Catalog.TryGet(row.Name, out var type), Is.True);
        Assert.That(new Row(type!.Name, type.Critical, type.ReplayOnConnect, type.Terminal, type.SurfaceFromWorkers, type.LatestWins), Is.EqualTo(row));
    }

    [Test]
    public void The_table_lists_every_type_of_the_catalog() =>
        Assert.That(AgentEvents.Catalog.Types.Select(type => type.Name), Is.EquivalentTo(Table.Select(row => row.Name)));

    [Test]
    public void Every_type_declares_the_json_of_its_payload() =>
        Assert.That(AgentEvents.Catalog.Types.Where(type => type.JsonTypeInfo is null), Is.Empty);

    [Test]
    public async Task An_error_ends_the_stream_unless_it_is_recoverable()
    {
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        await using var reader = bus.Subscribe("session-1");

        var warning = bus.Publish("session-1", AgentEvents.Error, new AgentError("slow", "The model is slow.", Recoverable: true));
        Assert.That(warning, Has.Property("IsTerminal").False.And.Property("IsCritical").True);
        Assert.That(reader.EndReason, Is.Null);

        var failure = bus.Publish("session-1", AgentEvents.Error, new AgentError("gone", "The model is gone."));
        Assert.That(failure.IsTerminal, Is.True);
        Assert.That(reader.EndReason, Is.EqualTo(EndReason.Completed));
    }

    [TestCase("run.complete")]
    [TestCase("error")]
    public async Task The_end_of_a_workers_run_surfaces_and_ends_the_workers_stream_but_not_its_sessions(string type)
    {
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        await using var session = bus.Subscribe("session-1");
        await using var worker = bus.Subscribe(new SubscriptionOptions { Topic = "session-1", Source = "worker:1" });

        object data = type is "error" ? new AgentError("gone", "The model is gone.") : new RunCompleted(RunOutcome.Success);
        bus.Publish("session-1", new EventDraft(type, data) { Source = "worker:1" });

        Assert.That(worker.EndReason, Is.EqualTo(EndReason.Completed));
        Assert.That(session.EndReason, Is.Null);
        Assert.That(session.TryRead(out var seen), Is.True);
        Assert.That(seen!.Type, Is.EqualTo(type));
    }

    [Test]
    public async Task What_workers_do_among_themselves_does_not_reach_the_session()
    {
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        await using var session = bus.Subscribe("session-1");

        bus.Publish("session-1", new EventDraft("tool_call.start", new ToolCallStarted(Guid.NewGuid(), "read_file")) { Source = "worker:1" });
        bus.Publish("session-1", new EventDraft("progress", new Progress("reading", 0.5)) { Source = "worker:1" });
        bus.Publish("session-1", new EventDraft("subagent.report", new SubagentReport("1", "Read 2 files.")) { Source = "worker:1" });

        Assert.That(session.TryRead(out var seen), Is.True);
        Assert.That(seen!.Type, Is.EqualTo("subagent.report"));
        Assert.That(session.Filtered, Is.EqualTo(2));
    }

    [Test]
    public async Task A_late_viewer_gets_the_newest_progress_of_each_source()
    {
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        bus.Publish("session-1", AgentEvents.Progress, new Progress("reading", 0.1));
        bus.Publish("session-1", AgentEvents.Progress, new Progress("reading", 0.2));
        await using var reader = bus.Subscribe("session-1");

        Assert.That(reader.TryRead(out var seen), Is.True);
        Assert.That(seen!.Data, Is.EqualTo(new Progress("reading", 0.2)));
        Assert.That(reader.TryRead(out _), Is.False);
    }

    internal sealed record Row(
        string Name, bool Critical = false, bool Replay = false, bool Terminal = false, bool Surface = false, bool Latest = false)
    {
        public override string ToString() => Name;
    }
}
