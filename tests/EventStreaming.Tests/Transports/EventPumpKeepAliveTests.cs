using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Transports;

internal sealed class EventPumpKeepAliveTests
{
    private const string Topic = "session-1";
    private static readonly EventPumpOptions s_options = new() { KeepAliveInterval = TimeSpan.FromSeconds(15), WriteTimeout = TimeSpan.FromHours(1) };

    [Test]
    public async Task An_idle_pump_writes_keepalives_never_sooner_than_the_interval_after_the_last_write()
    {
        var clock = new ManualTimeProvider();
        await using var bus = ManualBus.Create(clock);
        var sink = new RecordingSink(clock);
        var subscription = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Predicate = static _ => false });
        var run = EventPump.RunAsync(subscription, sink, s_options);
        await sink.UntilWrittenAsync(ControlEvents.Open);
        var fourth = sink.UntilAsync(static calls => calls.Count(static call => call.Method == SinkMethod.KeepAlive) == 4);
        while (!fourth.IsCompleted)
        {
            // Wakes the pump between the intervals with what it has nothing to write of.
            bus.Publish(Topic, "rejected");
            clock.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        bus.CloseTopic(Topic);
        await run.WithinSafetyAsync();

        var times = sink.Calls.Take(5).Select(static call => call.Timestamp).ToArray();
        var pauses = times.Zip(times.Skip(1), static (earlier, later) => TimeSpan.FromTicks(later - earlier));
        Assert.That(pauses, Is.All.GreaterThanOrEqualTo(s_options.KeepAliveInterval));
        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, ControlEvents.End]));
    }

    [Test]
    public async Task Keepalives_come_at_their_interval_however_the_wall_clock_steps()
    {
        var clock = new ManualTimeProvider();
        await using var bus = ManualBus.Create(clock);
        var sink = new RecordingSink(clock);
        var looked = Signals.Create();
        var subscription = bus.Subscribe(new SubscriptionOptions
        {
            Topic = Topic,
            Predicate = _ =>
            {
                Volatile.Read(ref looked).TrySetResult();
                return false;
            },
        });
        var run = EventPump.RunAsync(subscription, sink, s_options);
        await sink.UntilWrittenAsync(ControlEvents.Open);
        TimeSpan[] steps = [TimeSpan.FromDays(1), TimeSpan.FromDays(-3), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(-15)];
        for (var i = 1; i <= steps.Length; i++)
        {
            // Until the pump has looked at it, it may not have noted when its last write was.
            await LookAsync();
            clock.StepWallClock(steps[i - 1]);
            clock.Advance(s_options.KeepAliveInterval - TimeSpan.FromTicks(1));
            await LookAsync();
            clock.Advance(TimeSpan.FromTicks(1));
            var expected = i;
            await sink.UntilAsync(calls => calls.Count(static call => call.Method == SinkMethod.KeepAlive) == expected);
        }

        bus.CloseTopic(Topic);
        await run.WithinSafetyAsync();
        Assert.That(
            sink.Calls.Where(static call => call.Method == SinkMethod.KeepAlive).Select(call => TimeSpan.FromTicks(call.Timestamp - sink.Calls[0].Timestamp)),
            Is.EqualTo(Enumerable.Range(1, steps.Length).Select(static i => i * s_options.KeepAliveInterval)));

        async Task LookAsync()
        {
            var signal = Signals.Create();
            Volatile.Write(ref looked, signal);
            bus.Publish(Topic, "rejected");
            await signal.Task.WithinSafetyAsync();
        }
    }

    [Test]
    public async Task A_busy_pump_writes_no_keepalive()
    {
        var clock = new ManualTimeProvider();
        await using var bus = ManualBus.Create(clock);
        var sink = new RecordingSink(clock);
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink, s_options);
        await sink.UntilWrittenAsync(ControlEvents.Open);
        for (var i = 1; i <= 30; i++)
        {
            // A third of the interval: the write before the last one may be noted only now.
            clock.Advance(s_options.KeepAliveInterval / 3);
            bus.Publish(Topic, "tick", i);
            var expected = i;
            await sink.UntilAsync(calls => calls[^1].Batch is [{ Data: int last }] && last == expected);
        }

        bus.CloseTopic(Topic);
        await run.WithinSafetyAsync();
        Assert.That(sink.KeepAlives, Is.Zero);
    }

    [Test]
    public async Task A_pump_with_an_infinite_interval_writes_none()
    {
        var clock = new ManualTimeProvider();
        await using var bus = ManualBus.Create(clock);
        var sink = new RecordingSink();
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink, new EventPumpOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        await sink.UntilWrittenAsync(ControlEvents.Open);
        clock.Advance(TimeSpan.FromDays(2));
        bus.Publish(Topic, "later");
        await sink.UntilWrittenAsync("later");
        bus.CloseTopic(Topic);
        await run.WithinSafetyAsync();

        Assert.That(sink.KeepAlives, Is.Zero);
    }

    [Test]
    public async Task A_keepalive_carries_the_cursor_behind_what_the_filter_held_back()
    {
        var clock = new ManualTimeProvider();
        await using var bus = ManualBus.Create(clock);
        var subscription = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Types = ["wanted"] });
        var sink = new RecordingSink();
        var run = EventPump.RunAsync(subscription, sink, s_options);
        bus.Publish(Topic, "wanted");
        await sink.UntilWrittenAsync("wanted");
        var unwanted = bus.Publish(Topic, "unwanted");

        // Not the first one, perhaps: while the clock runs ahead of the pump, it does not know itself to have read everything.
        await clock.AdvanceUntilAsync(s_options.KeepAliveInterval, sink.UntilAsync(calls => calls[^1] is { Method: SinkMethod.KeepAlive } call && call.Cursor == unwanted.Cursor));
        bus.CloseTopic(Topic);
        await run.WithinSafetyAsync();

        Assert.That(sink.Ending!.Cursor, Is.EqualTo(unwanted.Cursor.ToString()));
    }

    [Test]
    public async Task A_keepalive_that_is_not_taken_within_the_deadline_ends_the_stream_as_slow()
    {
        var clock = new ManualTimeProvider();
        await using var bus = ManualBus.Create(clock);
        var sink = new RecordingSink { OnKeepAlive = static _ => Signals.Create().Task };
        var subscription = bus.Subscribe(Topic);
        var run = EventPump.RunAsync(subscription, sink, new EventPumpOptions { WriteTimeout = TimeSpan.FromSeconds(3) });
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(5), run);

        Assert.That(await run, Is.EqualTo(EndReason.SlowConsumer));
        Assert.That(subscription.Exception, Is.TypeOf<TimeoutException>());
        Assert.That(sink.KeepAlives, Is.EqualTo(1));
    }

    [Test]
    public async Task A_keepalive_that_fails_ends_the_stream_as_its_writes_do()
    {
        var clock = new ManualTimeProvider();
        await using var bus = ManualBus.Create(clock);
        var sink = new RecordingSink { OnKeepAlive = static _ => throw new IOException("Broken pipe.") };
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink, s_options);
        await clock.AdvanceUntilAsync(s_options.KeepAliveInterval, run);

        Assert.That(await run, Is.EqualTo(EndReason.TransportClosed));
        Assert.That(sink.Closes.Single().Reason, Is.EqualTo(EndReason.TransportClosed));
    }
}
