using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Transports;

internal sealed class EventPumpTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task The_opening_is_written_first_the_ending_last_and_events_between_them_in_order()
    {
        await using var bus = new EventBus();
        bus.Publish(Topic, "before", 1);
        var sink = new RecordingSink();
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink);
        await sink.UntilWrittenAsync("before");
        for (var i = 2; i <= 500; i++)
        {
            bus.Publish(Topic, "after", i);
        }

        bus.CloseTopic(Topic);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
        var events = sink.Events;
        Assert.That(events[0].Data, Is.EqualTo(new StreamOpening(ResumeOutcome.Fresh, null, Head: new EventCursor(events[1].Cursor.EpochToken, 1).ToString())));
        Assert.That(events.Skip(1).SkipLast(1).Select(static item => item.Data), Is.EqualTo(Enumerable.Range(1, 500)));
        Assert.That(sink.Ending, Is.EqualTo(new StreamEnding(EndReason.TopicClosed, events[^2].Cursor.ToString())));
        Assert.That(sink.Calls[^1], Has.Property(nameof(SinkCall.Method)).EqualTo(SinkMethod.Close).And.Property(nameof(SinkCall.Reason)).EqualTo(EndReason.TopicClosed));
        Assert.That(sink.Closes.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task The_opening_says_what_became_of_the_cursor_and_is_written_once()
    {
        await using var bus = new EventBus();
        bus.Publish(Topic, "first");
        var subscription = bus.Subscribe(new SubscriptionOptions { Topic = Topic, From = new EventCursor("garbage", 7), IgnoredTypes = ["nonsense"] });
        var sink = new RecordingSink();
        var run = EventPump.RunAsync(subscription, sink);
        await sink.UntilWrittenAsync("first");
        bus.CloseTopic(Topic);
        await run.WithinSafetyAsync();

        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, "first", ControlEvents.End]));
        var opening = (StreamOpening)sink.Events[0].Data!;
        Assert.That(opening.Outcome, Is.EqualTo(ResumeOutcome.Unknown));
        Assert.That(opening.IgnoredTypes, Is.EqualTo(["nonsense"]));
    }

    [Test]
    public async Task What_waits_is_written_in_batches_of_at_most_MaxBatch_in_order()
    {
        await using var bus = new EventBus();
        for (var i = 0; i < 10; i++)
        {
            bus.Publish(Topic, "step", i);
        }

        var sink = new RecordingSink();
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink, new EventPumpOptions { MaxBatch = 4 });
        await sink.UntilAsync(static calls => calls.Sum(static call => call.Batch.Count) == 11);
        bus.CloseTopic(Topic);
        await run.WithinSafetyAsync();

        var batches = sink.Calls.Where(static call => call.Method == SinkMethod.Write).Select(static call => call.Batch.Count);
        Assert.That(batches, Is.EqualTo([1, 4, 4, 2, 1]));
        Assert.That(sink.Events.Skip(1).SkipLast(1).Select(static item => item.Data), Is.EqualTo(Enumerable.Range(0, 10)));
    }

    [Test]
    public async Task A_terminal_event_is_written_with_all_before_it_and_ends_the_stream_as_completed()
    {
        await using var bus = new EventBus(catalog: new EventCatalog(new EventTypeDescriptor("run.finished") { Terminal = true }));
        var sink = new RecordingSink();
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink);
        bus.Publish(Topic, "step");
        bus.Publish(Topic, "run.finished");

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, "step", "run.finished", ControlEvents.End]));
        Assert.That(sink.Ending!.Reason, Is.EqualTo(EndReason.Completed));
    }

    [Test]
    public async Task A_slow_sink_is_told_of_dropped_events_in_their_place()
    {
        await using var bus = new EventBus();
        var gate = Signals.Create();
        var sink = new RecordingSink { OnWrite = (batch, _) => batch[0].Type is "first" ? gate.Task : Task.CompletedTask };
        var subscription = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 4, CriticalReserve = 1 });
        var run = EventPump.RunAsync(subscription, sink);
        bus.Publish(Topic, "first");
        await sink.UntilWrittenAsync("first");
        for (var i = 2; i <= 11; i++)
        {
            bus.Publish(Topic, "more");
        }

        gate.SetResult();
        await sink.UntilWrittenAsync(ControlEvents.Gap);
        bus.Publish(Topic, "last");
        await sink.UntilWrittenAsync("last");
        bus.CloseTopic(Topic);
        await run.WithinSafetyAsync();

        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, "first", "more", "more", "more", ControlEvents.Gap, "last", ControlEvents.End]));
        Assert.That(sink.Events[5].Data, Is.EqualTo(new Gap(5, 11, 7, GapReason.Overflow)));
        Assert.That(subscription.Dropped, Is.EqualTo(7));
    }

    [Test]
    public async Task A_sink_too_slow_for_critical_events_gets_all_of_them_from_history()
    {
        await using var bus = new EventBus(catalog: new EventCatalog(new EventTypeDescriptor("critical") { Critical = true }));
        var gate = Signals.Create();
        var sink = new RecordingSink { OnWrite = (batch, _) => batch[0].Data is 1 ? gate.Task : Task.CompletedTask };
        var subscription = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 4 });
        var run = EventPump.RunAsync(subscription, sink, new EventPumpOptions { MaxBatch = 3 });
        bus.Publish(Topic, "critical", 1);
        await sink.UntilWrittenAsync("critical");
        for (var i = 2; i <= 1_000; i++)
        {
            bus.Publish(Topic, "critical", i);
        }

        Assert.That(subscription.IsLagging, Is.True);
        gate.SetResult();
        await sink.UntilAsync(static calls => calls[^1].Batch.Any(static item => item.Data is 1_000));
        bus.Publish(Topic, "critical", 1_001);
        bus.CloseTopic(Topic);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
        Assert.That(sink.Events.Skip(1).SkipLast(1).Select(static item => item.Data), Is.EqualTo(Enumerable.Range(1, 1_001)));
        Assert.That(subscription.Dropped, Is.Zero);
    }

    [Test]
    public async Task The_subscription_is_ended_and_gone_from_the_bus_when_the_pump_returns([Values] bool endedByTransport)
    {
        await using var bus = new EventBus();
        using var transport = new CancellationTokenSource();
        var subscription = bus.Subscribe(Topic);
        var run = EventPump.RunAsync(subscription, new RecordingSink(), transport: transport.Token);
        if (endedByTransport)
        {
            await transport.CancelAsync();
        }
        else
        {
            bus.CloseTopic(Topic);
        }

        var reason = await run.WithinSafetyAsync();
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(reason));
        Assert.That(bus.SubscriptionCount, Is.Zero);
        Assert.That(bus.FindTopic(Topic)?.Subscriptions, endedByTransport ? Is.Zero : Is.Null);
    }

    [Test]
    public async Task Disposing_the_subscription_ends_the_pump_and_discards_what_waits()
    {
        await using var bus = new EventBus();
        var subscription = bus.Subscribe(Topic);
        var gate = Signals.Create();
        var sink = new RecordingSink { OnWrite = (batch, _) => batch[0].Type is "first" ? gate.Task : Task.CompletedTask };
        var run = EventPump.RunAsync(subscription, sink);
        bus.Publish(Topic, "first");
        await sink.UntilWrittenAsync("first");
        bus.Publish(Topic, "discarded");
        await subscription.DisposeAsync();
        gate.SetResult();

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.Disposed));
        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, "first", ControlEvents.End]));
        Assert.That(sink.Closes.Single().Reason, Is.EqualTo(EndReason.Disposed));
    }

    [Test]
    public async Task Starting_a_pump_does_not_wait_for_its_sink()
    {
        await using var bus = new EventBus();
        using var gate = new ManualResetEventSlim();
        var sink = new RecordingSink
        {
            OnWrite = (_, _) =>
            {
                gate.Wait(CancellationToken.None);
                return Task.CompletedTask;
            },
        };
        var run = Task.FromResult(default(EndReason));
        var started = Task.Run(() => { run = EventPump.RunAsync(bus.Subscribe(Topic), sink); });
        await sink.UntilWrittenAsync(ControlEvents.Open);
        try
        {
            await started.WaitAsync(TimeSpan.FromSeconds(5));
        }
        finally
        {
            gate.Set();
        }

        bus.CloseTopic(Topic);
        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
    }
}
