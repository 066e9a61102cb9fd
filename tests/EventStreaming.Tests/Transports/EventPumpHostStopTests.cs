using EventStreaming.Tests.Stress;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Transports;

internal sealed class EventPumpHostStopTests
{
    private const string Topic = "session-1";
    private static readonly EventPumpOptions s_options = new() { WriteTimeout = TimeSpan.FromHours(1), DrainTimeout = TimeSpan.FromSeconds(2) };

    [Test]
    public async Task A_host_stop_drains_what_is_left_and_says_so()
    {
        await using var bus = new EventBus();
        var gate = Signals.Create();
        var sink = new RecordingSink { OnWrite = (batch, _) => batch[0].Data is 1 ? gate.Task : Task.CompletedTask };
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink, s_options);
        bus.Publish(Topic, "step", 1);
        await sink.UntilWrittenAsync("step");
        for (var i = 2; i <= 6; i++)
        {
            bus.Publish(Topic, "step", i);
        }

        bus.StopReaders();
        bus.Publish(Topic, "too_late");
        gate.SetResult();

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
        Assert.That(sink.Events.Skip(1).SkipLast(1).Select(static item => item.Data), Is.EqualTo(Enumerable.Range(1, 6)));
        Assert.That(sink.Ending, Is.EqualTo(new StreamEnding(EndReason.HostStopping, sink.Events[^2].Cursor.ToString())));
        Assert.That(sink.Closes.Single().Reason, Is.EqualTo(EndReason.HostStopping));
    }

    [Test]
    public async Task A_stalled_sink_is_cut_when_the_drain_time_is_over([Values] bool lagging)
    {
        var clock = new ManualTimeProvider();
        await using var bus = ManualBus.Create(clock, new EventCatalog(new EventTypeDescriptor("critical") { Critical = true }));
        var sink = new RecordingSink { OnWrite = static (batch, _) => batch[0].IsControl ? Task.CompletedTask : Signals.Create().Task };
        var subscription = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        var run = EventPump.RunAsync(subscription, sink, s_options);
        bus.Publish(Topic, "critical");
        await sink.UntilWrittenAsync("critical");
        for (var i = 0; i < (lagging ? 10 : 1); i++)
        {
            bus.Publish(Topic, "critical");
        }

        Assert.That(subscription.IsLagging, Is.EqualTo(lagging));
        bus.StopReaders();
        clock.Advance(s_options.DrainTimeout - TimeSpan.FromTicks(1));
        Assert.That(run.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromTicks(1));

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, "critical"]));
        Assert.That(sink.Closes.Single().Reason, Is.EqualTo(EndReason.HostStopping));
    }

    [Test]
    public async Task A_close_that_hangs_while_the_host_stops_is_given_up_when_the_drain_time_is_over()
    {
        var clock = new ManualTimeProvider();
        await using var bus = ManualBus.Create(clock);
        var sink = new RecordingSink { OnClose = static _ => Signals.Create().Task };
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink, s_options);
        bus.StopReaders();
        await sink.UntilAsync(static calls => calls[^1].Method == SinkMethod.Close);
        clock.Advance(s_options.DrainTimeout);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
    }

    [Test]
    public async Task A_pump_that_begins_while_the_host_stops_replays_and_ends()
    {
        await using var bus = new EventBus();
        bus.Publish(Topic, "step");
        bus.StopReaders();
        var sink = new RecordingSink();

        Assert.That(await EventPump.RunAsync(bus.Subscribe(Topic), sink, s_options).WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, "step", ControlEvents.End]));
    }

    [Test]
    public async Task A_pump_that_stays_past_the_host_stop_is_waited_for_by_the_disposal_of_the_bus()
    {
        await using var bus = new EventBus();
        var gate = Signals.Create();
        var sink = new RecordingSink { OnWrite = (batch, _) => batch[0].Type is "during_stop" ? gate.Task : Task.CompletedTask };
        var run = EventPump.RunAsync(bus.Subscribe(new SubscriptionOptions { Topic = Topic, EndOnHostStopping = false }), sink, s_options);
        bus.StopReaders();
        bus.Publish(Topic, "during_stop");
        await sink.UntilWrittenAsync("during_stop");
        var disposal = bus.DisposeAsync().AsTask();
        gate.SetResult();
        await disposal.WithinSafetyAsync();

        Assert.That(run.IsCompleted, Is.True);
        Assert.That(await run, Is.EqualTo(EndReason.HostStopping));
        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, "during_stop", ControlEvents.End]));
    }

    [Test]
    public async Task A_pump_that_stays_past_the_host_stop_is_cut_when_the_shutdown_time_is_over()
    {
        var clock = new ManualTimeProvider();
        await using var bus = new EventBus(new EventStreamingOptions { ShutdownTimeout = TimeSpan.FromSeconds(7) }, timeProvider: clock);
        var sink = new RecordingSink { OnWrite = static (_, _) => Signals.Create().Task };
        var run = EventPump.RunAsync(bus.Subscribe(new SubscriptionOptions { Topic = Topic, EndOnHostStopping = false }), sink, s_options);
        await sink.UntilWrittenAsync(ControlEvents.Open);
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(7), bus.DisposeAsync().AsTask());

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
        Assert.That(sink.Closes.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_pump_that_stays_past_the_host_stop_has_no_drain_time()
    {
        var clock = new ManualTimeProvider();
        await using var bus = ManualBus.Create(clock);
        var gate = Signals.Create();
        var sink = new RecordingSink { OnWrite = (batch, _) => batch[0].Type is "during_stop" ? gate.Task : Task.CompletedTask };
        var run = EventPump.RunAsync(bus.Subscribe(new SubscriptionOptions { Topic = Topic, EndOnHostStopping = false }), sink, s_options);
        bus.StopReaders();
        bus.Publish(Topic, "during_stop");
        await sink.UntilWrittenAsync("during_stop");
        clock.Advance(2 * s_options.DrainTimeout);
        gate.SetResult();
        bus.Publish(Topic, "afterwards");
        await sink.UntilWrittenAsync("afterwards");

        Assert.That(run.IsCompleted, Is.False);
    }

    [Test]
    [Category("Concurrency")]
    public async Task A_pump_that_is_started_at_the_moment_the_host_stops_has_its_drain_time([Values] bool starved)
    {
        using var busy = starved ? new BusyCores() : null;
        for (var round = 0; round < (starved ? 50 : 1_000); round++)
        {
            var clock = new ManualTimeProvider();
            await using var bus = ManualBus.Create(clock);
            var subscription = bus.Subscribe(Topic);
            var sink = new RecordingSink { OnWrite = static (_, _) => Signals.Create().Task };
            Task<EndReason>? run = null;
            await AtOnceAsync(bus.StopReaders, () => run = EventPump.RunAsync(subscription, sink, s_options));
            clock.Advance(s_options.DrainTimeout);

            Assert.That(await run!.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping), $"round {round}");
        }
    }

    [Test]
    public async Task A_pump_that_ends_while_it_is_told_that_the_host_stops_leaves_no_timer_behind()
    {
        var clock = new ManualTimeProvider();
        await using var bus = ManualBus.Create(clock);
        var before = clock.PendingTimers;
        var sink = new RecordingSink();
        var subscription = bus.Subscribe(Topic);
        var run = EventPump.RunAsync(subscription, sink, s_options);
        await sink.UntilWrittenAsync(ControlEvents.Open);
        clock.OnCreateTimer = dueTime =>
        {
            Assert.That(dueTime, Is.EqualTo(s_options.DrainTimeout));
            clock.OnCreateTimer = null;
            subscription.End(EndReason.Disposed);
            Assert.That(SpinWait.SpinUntil(() => run.IsCompleted, TimeSpan.FromSeconds(30)), Is.True);
        };
        bus.StopReaders();

        Assert.That(run.IsCompleted, Is.True);
        Assert.That((clock.PendingTimers, bus.Runners.Count), Is.EqualTo((before, 0)));
    }

    [Test]
    public async Task A_thousand_open_pumps_end_with_the_host_and_close_their_sinks()
    {
        await using var bus = new EventBus();
        var sinks = Enumerable.Range(0, 1_000).Select(static _ => new RecordingSink()).ToArray();
        var runs = sinks.Select((sink, i) => RunAsync(bus.Subscribe($"session-{i % 10}"), sink)).ToArray();
        for (var i = 0; i < 10; i++)
        {
            bus.Publish($"session-{i}", "step");
        }

        bus.StopReaders();

        Assert.That(await Task.WhenAll(runs).WithinSafetyAsync(), Is.All.EqualTo((EndReason.HostStopping, true)));
        Assert.That(sinks.Select(static sink => string.Join(' ', sink.Types)), Is.All.EqualTo("stream.open step stream.end"));
        Assert.That(sinks.Select(static sink => sink.Closes.Count()), Is.All.EqualTo(1));
        Assert.That(bus.SubscriptionCount, Is.Zero);
    }

    private static async Task AtOnceAsync(Action one, Action other)
    {
        using var barrier = new Barrier(2);
        await Task.WhenAll(OnAThreadOfItsOwnAsync(one), OnAThreadOfItsOwnAsync(other)).WithinSafetyAsync();

        Task OnAThreadOfItsOwnAsync(Action act) => Task.Factory.StartNew(
            () =>
            {
                barrier.SignalAndWait();
                act();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
    }

    private static async Task<(EndReason Reason, bool IsCompleted)> RunAsync(EventSubscription subscription, RecordingSink sink) =>
        (await EventPump.RunAsync(subscription, sink), subscription.Completion.IsCompleted);
}
