using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Moq;
using NUnit.Framework;

namespace EventStreaming.Tests.Diagnostics;

/// <summary>Whatever the host's logger throws, the bus does what it was asked to. Each test has one message logged, and its logger throw at it.</summary>
internal sealed class ThrowingLoggerTests
{
    private const string Topic = "session-1";

    private LogRecorder _log = null!; // Both made anew for each test.
    private EventBus? _bus;

    [SetUp]
    public void Create() => (_log, _bus) = (new LogRecorder { Throws = true }, null);

    [TearDown]
    public void Dispose()
    {
        // Without waiting: that would be for ever if its logger got in the way of an end.
        _bus?.Dispose();
        _log.Dispose();
    }

    [Test]
    public async Task A_subscription_begins_is_read_and_ends([Values] bool byItsOwner)
    {
        var bus = CreateBus();
        var reader = bus.Subscribe(Topic);
        bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1L]));
        if (byItsOwner)
        {
            await reader.DisposeAsync();
        }
        else
        {
            bus.CloseTopic(Topic);
        }

        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(byItsOwner ? EndReason.Disposed : EndReason.TopicClosed));
        Assert.That((_log.Of(1200).Count, _log.Of(1202).Count, bus.SubscriptionCount), Is.EqualTo((1, 1, 0)));
    }

    [Test]
    public async Task A_logger_that_cannot_even_say_whether_it_is_enabled_is_one_that_is_not()
    {
        var logger = new Mock<ILogger>();
        logger.Setup(static l => l.IsEnabled(It.IsAny<LogLevel>())).Throws(new InvalidOperationException("A bug in the logger."));
        var factory = new Mock<ILoggerFactory>();
        factory.Setup(static f => f.CreateLogger(It.IsAny<string>())).Returns(logger.Object);
        var bus = _bus = new EventBus(loggerFactory: factory.Object);
        var reader = bus.Subscribe(Topic);
        bus.CloseTopic(Topic);

        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
        Assert.That(logger.Invocations.Select(static call => call.Method.Name), Is.All.EqualTo(nameof(ILogger.IsEnabled)));
    }

    [Test]
    public async Task A_slow_reader_is_told_its_gap_and_a_too_slow_one_ends()
    {
        var bus = CreateBus();
        var reader = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2, OnCriticalOverflow = CriticalOverflow.Disconnect });
        bus.PublishMany(Topic, SampleTypes.Delta, 3);
        await _log.UntilAsync(1201);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "gap 2-3 (2 Overflow)"]));

        bus.PublishMany(Topic, SampleTypes.Asked, 3);
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.SlowConsumer));
        Assert.That(_log.Of(1203), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_handler_that_failed_goes_on()
    {
        var bus = CreateBus();
        var handled = 0;
        var subscription = bus.Subscribe(new SubscriptionOptions { Topic = Topic }, (_, _) =>
        {
            handled++;
            throw new InvalidDataException("A bug in the handler.");
        });
        bus.Publish(Topic, SampleTypes.Delta);
        bus.Publish(Topic, SampleTypes.Completed);

        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
        Assert.That((handled, _log.Of(1300).Count), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task A_handler_of_the_host_that_missed_events_goes_on_whatever_it_does_about_errors()
    {
        var (entered, gate, last) = (Signals.Create(), Signals.Create(), Signals.Create());
        var handler = new Mock<IEventHandler<int>>();
        handler.Setup(static h => h.HandleAsync(It.IsAny<int>(), It.IsAny<StreamEvent>(), It.IsAny<CancellationToken>())).Returns((int data, StreamEvent _, CancellationToken _) =>
        {
            entered.TrySetResult();
            if (data == 10)
            {
                last.SetResult();
            }

            return new ValueTask(gate.Task);
        });
        using var host = TestHost.Build(
            builder =>
            {
                builder.Services.AddSingleton(handler.Object);
                builder.Services.AddSingleton<ILoggerFactory>(_log);
                builder.Services.AddEventStreaming(static options => options.History.Capacity = 4)
                    .AddHandler<int, IEventHandler<int>>(static options => (options.Capacity, options.OnError) = (4, HandlerErrorPolicy.End));
            });
        var bus = host.Bus();
        foreach (var service in host.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<EventStreamingHostedService>())
        {
            // Alone: the host itself would not start with this logger.
            await service.StartingAsync(CancellationToken.None);
        }

        bus.Publish(Topic, "count", 0);
        await entered.Task.WithinSafetyAsync();
        for (var i = 1; i <= 10; i++)
        {
            bus.Publish(Topic, "count", i);
        }

        gate.SetResult();
        await last.Task.WithinSafetyAsync();
        Assert.That(_log.Of(1301), Has.Count.EqualTo(1));
        await bus.DisposeAsync();
    }

    [Test]
    public async Task An_event_that_cannot_be_encoded_becomes_a_gap()
    {
        var bus = CreateBus();
        var item = bus.Publish(Topic, "unencodable", new Loop());

        Assert.That(System.Text.Encoding.UTF8.GetString(new JsonEventEncoder().GetBytes(item).Span), Does.Contain("unencodable"));
        Assert.That(_log.Of(1101), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_topic_that_needs_room_is_published_and_subscribed_to()
    {
        var bus = CreateBus(static options => options.Topics.MaxCount = 1);
        bus.Publish("a", SampleTypes.Delta);

        Assert.That(bus.Publish("b", SampleTypes.Delta).Sequence, Is.EqualTo(1));
        Assert.That(bus.Subscribe("c").EndReason, Is.Null);
        Assert.That(_log.Of(1100), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_bus_whose_handler_does_not_finish_in_time_is_disposed_all_the_same()
    {
        var bus = CreateBus(static options => options.ShutdownTimeout = TimeSpan.Zero);
        var (entered, cancelled) = (Signals.Create(), Signals.Create());
        var subscription = bus.Subscribe(new SubscriptionOptions { Topic = Topic }, async (_, cancellationToken) =>
        {
            using var registration = cancellationToken.Register(cancelled.SetResult);
            entered.SetResult();
            await cancelled.Task;
        });
        bus.Publish(Topic, SampleTypes.Delta);
        await entered.Task.WithinSafetyAsync();
        await bus.DisposeAsync().AsTask().WithinSafetyAsync();

        Assert.That(_log.Of(1000), Has.Count.EqualTo(1));
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
    }

    [Test]
    public async Task A_sweep_that_fails_is_tried_again_and_ends_no_process()
    {
        var clock = new HookedTimeProvider();
        var bus = _bus = new EventBus(new EventStreamingOptions { Topics = { IdleTimeout = TimeSpan.FromSeconds(1) } }, timeProvider: clock, loggerFactory: _log);
        clock.OnTimestamp = static () => throw new InvalidDataException("A bug in the clock.");
        await _log.UntilAsync(1001, count: 2);
        clock.OnTimestamp = null;
        await bus.DisposeAsync();

        Assert.That(_log.Of(1001)[0].Exception, Is.TypeOf<InvalidDataException>());
    }

    [Test]
    public async Task A_sink_that_failed_is_closed_and_its_failure_is_what_the_subscription_tells([Values] bool atItsEnd)
    {
        var bus = CreateBus();
        var failure = new InvalidDataException("A bug in the sink.");
        var sink = new RecordingSink
        {
            OnWrite = (batch, _) => batch[0].Data is StreamEnding || (!batch[0].IsControl && !atItsEnd) ? throw failure : Task.CompletedTask,
            OnClose = static _ => throw new InvalidDataException("Another bug in the sink."),
        };
        var subscription = bus.Subscribe(Topic);
        var run = EventPump.RunAsync(subscription, sink);
        bus.Publish(Topic, SampleTypes.Delta);
        if (atItsEnd)
        {
            bus.CloseTopic(Topic);
        }

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.Faulted));
        Assert.That(subscription.Exception, Is.SameAs(atItsEnd ? null : failure));
        Assert.That(sink.Closes.Single().Reason, Is.EqualTo(EndReason.Faulted));
        Assert.That((_log.Of(1400).Single().Exception, _log.Of(1401).Count), Is.EqualTo((failure, 1)));
    }

    private EventBus CreateBus(Action<EventStreamingOptions>? configure = null)
    {
        var options = new EventStreamingOptions();
        configure?.Invoke(options);
        return _bus = new EventBus(options, SampleTypes.Catalog, loggerFactory: _log);
    }

    private sealed class Loop
    {
        public Loop Self => this;
    }
}
