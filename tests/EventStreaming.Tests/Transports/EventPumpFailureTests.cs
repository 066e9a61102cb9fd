using EventStreaming.Tests.Support;
using Moq;
using NUnit.Framework;

namespace EventStreaming.Tests.Transports;

internal sealed class EventPumpFailureTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task A_write_that_never_completes_ends_the_subscription_as_slow_and_still_closes_the_sink()
    {
        var clock = new ManualTimeProvider();
        await using var bus = new EventBus(timeProvider: clock);
        var writeToken = CancellationToken.None;
        var sink = new RecordingSink
        {
            OnWrite = (batch, cancellationToken) =>
            {
                writeToken = cancellationToken;
                return batch[0].IsControl ? Task.CompletedTask : Signals.Create().Task;
            },
        };
        var subscription = bus.Subscribe(Topic);
        var run = EventPump.RunAsync(subscription, sink, new EventPumpOptions { WriteTimeout = TimeSpan.FromSeconds(30) });
        bus.Publish(Topic, "stuck");
        await sink.UntilWrittenAsync("stuck");
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(30), run);

        Assert.That(await run, Is.EqualTo(EndReason.SlowConsumer));
        Assert.That(subscription.EndReason, Is.EqualTo(EndReason.SlowConsumer));
        Assert.That(subscription.Exception, Is.TypeOf<TimeoutException>().With.Message.Contains("00:00:30"));
        Assert.That(writeToken.IsCancellationRequested, Is.True);
        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, "stuck"]));
        Assert.That(sink.Closes.Single().Reason, Is.EqualTo(EndReason.SlowConsumer));
    }

    [Test]
    public async Task A_write_within_the_deadline_is_no_failure()
    {
        var clock = new ManualTimeProvider();
        await using var bus = new EventBus(timeProvider: clock);
        var gate = Signals.Create();
        var sink = new RecordingSink { OnWrite = (_, _) => gate.Task };
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink, new EventPumpOptions { WriteTimeout = TimeSpan.FromSeconds(30) });
        await sink.UntilWrittenAsync(ControlEvents.Open);
        clock.Advance(TimeSpan.FromSeconds(29));
        gate.SetResult();
        bus.CloseTopic(Topic);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
    }

    [Test]
    public async Task A_sink_whose_other_side_is_gone_ends_the_subscription_as_transport_closed([Values] bool throwsAtOnce)
    {
        using var log = new LogRecorder();
        await using var bus = new EventBus(loggerFactory: log);
        var gone = new IOException("Connection reset by peer.");
        var (run, subscription, sink) = PublishTo(bus, gone, throwsAtOnce);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TransportClosed));
        Assert.That(subscription.Exception, Is.SameAs(gone));
        Assert.That(sink.Types, Does.Not.Contain(ControlEvents.End));
        Assert.That(sink.Closes.Single().Reason, Is.EqualTo(EndReason.TransportClosed));
        Assert.That(log.Of(1400), Is.Empty);
    }

    [Test]
    public async Task A_sink_that_fails_ends_the_subscription_as_faulted_and_is_logged([Values] bool throwsAtOnce)
    {
        using var log = new LogRecorder();
        await using var bus = new EventBus(loggerFactory: log);
        var bug = new InvalidDataException("A bug in the sink.");
        var (run, subscription, sink) = PublishTo(bus, bug, throwsAtOnce);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.Faulted));
        Assert.That(subscription.Exception, Is.SameAs(bug));
        Assert.That(log.Of(1400).Single().Exception, Is.SameAs(bug));
        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, "any"]));
        Assert.That(sink.Closes.Single().Reason, Is.EqualTo(EndReason.Faulted));
    }

    [Test]
    public async Task A_sinks_own_timeout_is_its_failure_and_not_the_deadline()
    {
        await using var bus = new EventBus();
        var own = new TimeoutException("The proxy did not answer.");
        var (run, subscription, _) = PublishTo(bus, own, throwsAtOnce: false);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.Faulted));
        Assert.That(subscription.Exception, Is.SameAs(own));
    }

    [Test]
    public async Task A_failing_sink_harms_no_other()
    {
        await using var bus = new EventBus();
        var healthy = new RecordingSink();
        var other = EventPump.RunAsync(bus.Subscribe(Topic), healthy);
        var (run, _, _) = PublishTo(bus, new InvalidDataException("A bug in the sink."), throwsAtOnce: true);
        await run.WithinSafetyAsync();
        bus.Publish(Topic, "later");
        await healthy.UntilWrittenAsync("later");
        bus.CloseTopic(Topic);

        Assert.That(await other.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
        Assert.That(healthy.Types, Is.EqualTo([ControlEvents.Open, "any", "later", ControlEvents.End]));
    }

    [Test]
    public async Task A_cancelled_transport_ends_an_idle_pump_as_transport_closed()
    {
        await using var bus = new EventBus();
        using var transport = new CancellationTokenSource();
        var sink = new RecordingSink();
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink, transport: transport.Token);
        await sink.UntilWrittenAsync(ControlEvents.Open);
        await transport.CancelAsync();

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TransportClosed));
        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open]));
        Assert.That(sink.Closes.Single().Reason, Is.EqualTo(EndReason.TransportClosed));
    }

    [Test]
    public async Task A_cancelled_transport_interrupts_a_write([Values] bool sinkHeedsItsToken)
    {
        await using var bus = new EventBus();
        using var transport = new CancellationTokenSource();
        var sink = new RecordingSink { OnWrite = (_, token) => Signals.Create().Task.WaitAsync(sinkHeedsItsToken ? token : CancellationToken.None) };
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink, transport: transport.Token);
        await sink.UntilWrittenAsync(ControlEvents.Open);
        await transport.CancelAsync();

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TransportClosed));
        Assert.That(sink.Closes.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Nothing_more_is_written_to_a_cancelled_transport_that_heeds_no_token()
    {
        await using var bus = new EventBus();
        using var transport = new CancellationTokenSource();
        for (var i = 0; i < 10; i++)
        {
            bus.Publish(Topic, "step");
        }

        var sink = new RecordingSink { OnWrite = (batch, _) => batch[0].IsControl ? Task.CompletedTask : transport.CancelAsync() };
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink, new EventPumpOptions { MaxBatch = 1 }, transport.Token);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TransportClosed));
        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, "step"]));
    }

    [Test]
    public async Task A_transport_that_was_gone_before_it_began_is_written_nothing_and_closed()
    {
        await using var bus = new EventBus();
        bus.Publish(Topic, "step");
        var sink = new Mock<IEventSink>(MockBehavior.Strict);
        sink.Setup(static s => s.CloseAsync(EndReason.TransportClosed, It.IsAny<CancellationToken>())).Returns(ValueTask.CompletedTask);
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink.Object, transport: new CancellationToken(canceled: true));

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TransportClosed));
        sink.Verify(static s => s.CloseAsync(EndReason.TransportClosed, It.IsAny<CancellationToken>()), Times.Once);
    }

    [Test]
    public async Task A_close_that_hangs_is_given_up_at_the_write_deadline_and_logged()
    {
        var clock = new ManualTimeProvider();
        using var log = new LogRecorder();
        await using var bus = new EventBus(timeProvider: clock, loggerFactory: log);
        var sink = new RecordingSink { OnClose = static _ => Signals.Create().Task };
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink, new EventPumpOptions { WriteTimeout = TimeSpan.FromSeconds(30) });
        bus.CloseTopic(Topic);
        await sink.UntilAsync(static calls => calls[^1].Method == SinkMethod.Close);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.That(run.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
        Assert.That(log.Of(1401), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_close_that_fails_does_not_change_how_the_stream_ended([Values] bool throwsAtOnce)
    {
        using var log = new LogRecorder();
        await using var bus = new EventBus(loggerFactory: log);
        var failure = new InvalidDataException("Cannot close.");
        var sink = new RecordingSink { OnClose = _ => throwsAtOnce ? throw failure : Task.FromException(failure) };
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink);
        bus.CloseTopic(Topic);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
        Assert.That(log.Of(1401).Single().Exception, Is.SameAs(failure));
    }

    [Test]
    public async Task A_predicate_that_throws_ends_the_stream_as_faulted_behind_what_was_written()
    {
        await using var bus = new EventBus();
        var bug = new InvalidDataException("A bug in the predicate.");
        bus.Publish(Topic, "good", 1);
        var lastGood = bus.Publish(Topic, "good", 2);
        bus.Publish(Topic, "bad");
        var subscription = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Predicate = item => item.Type is "good" ? true : throw bug });
        var sink = new RecordingSink();
        var run = EventPump.RunAsync(subscription, sink);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.Faulted));
        Assert.That(subscription.Exception, Is.SameAs(bug));
        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, "good", "good", ControlEvents.End]));
        Assert.That(sink.Ending, Is.EqualTo(new StreamEnding(EndReason.Faulted, lastGood.Cursor.ToString())));
    }

    [Test]
    public async Task A_write_that_fails_after_its_deadline_leaves_no_unobserved_exception()
    {
        var clock = new ManualTimeProvider();
        await using var bus = new EventBus(timeProvider: clock);
        const string Late = "Failed after its deadline.";
        var unobserved = new List<string>();
        void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e) => unobserved.AddRange(e.Exception.InnerExceptions.Select(static inner => inner.Message));
        TaskScheduler.UnobservedTaskException += OnUnobserved;
        try
        {
            await RunPastDeadlineAsync(bus, clock, Late);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= OnUnobserved;
        }

        Assert.That(unobserved, Does.Not.Contain(Late));
    }

    private static async Task RunPastDeadlineAsync(EventBus bus, ManualTimeProvider clock, string message)
    {
        var write = Signals.Create();
        var sink = new RecordingSink { OnWrite = (_, _) => write.Task };
        var run = EventPump.RunAsync(bus.Subscribe(Topic), sink);
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(30), run);
        write.SetException(new IOException(message));
    }

    private static (Task<EndReason> Run, EventSubscription Subscription, RecordingSink Sink) PublishTo(EventBus bus, Exception failure, bool throwsAtOnce)
    {
        var sink = new RecordingSink
        {
            OnWrite = (batch, _) =>
                batch[0].IsControl ? Task.CompletedTask
                : throwsAtOnce ? throw failure
                : Task.FromException(failure),
        };
        var subscription = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Name = "browser" });
        var run = EventPump.RunAsync(subscription, sink);
        bus.Publish(Topic, "any");
        return (run, subscription, sink);
    }
}
