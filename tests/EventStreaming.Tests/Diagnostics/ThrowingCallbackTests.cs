using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Diagnostics;

/// <summary>
/// Handlers and sinks get tokens, and may have callbacks on them that throw. They are called on whichever thread gives up waiting, a timer's
/// among them: there what they throw would end the process.
/// </summary>
internal sealed class ThrowingCallbackTests
{
    private const string Topic = "session-1";

    private readonly EventPumpOptions _options = new() { KeepAliveInterval = Timeout.InfiniteTimeSpan, WriteTimeout = TimeSpan.FromSeconds(30), DrainTimeout = TimeSpan.FromSeconds(2) };
    private TaskCompletionSource _registered = null!; // All made anew for each test.
    private TaskCompletionSource _called = null!;
    private ManualTimeProvider _clock = null!;
    private EventBus _bus = null!;

    public enum Stop
    {
        Subscription,
        Bus,
        BusAtOnce,
    }

    [SetUp]
    public void Create()
    {
        _registered = Signals.Create();
        _called = Signals.Create();
        _clock = new ManualTimeProvider();
        _bus = ManualBus.Create(_clock);
    }

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public async Task A_handler_with_a_callback_that_throws_is_stopped_like_any_other([Values] Stop stop)
    {
        var gate = Signals.Create();
        var subscription = _bus.Subscribe(new SubscriptionOptions { Topic = Topic }, async (_, cancellationToken) =>
        {
            Register(cancellationToken);
            await gate.Task;
        });
        _bus.Publish(Topic, "step");
        await _registered.Task.WithinSafetyAsync();
        switch (stop)
        {
            case Stop.Subscription:
                await subscription.DisposeAsync();
                break;
            case Stop.Bus:
                await _bus.DisposeAsync().AsTask().WithinSafetyAsync();
                break;
            case Stop.BusAtOnce:
                _bus.Dispose();
                break;
        }

        await _called.Task.WithinSafetyAsync();
        gate.SetResult();
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(stop == Stop.Subscription ? EndReason.Disposed : EndReason.HostStopping));
    }

    [Test]
    public async Task A_gone_transport_does_not_hear_of_a_callback_that_throws()
    {
        using var transport = new CancellationTokenSource();
        var sink = StuckSink();
        var run = EventPump.RunAsync(_bus.Subscribe(Topic), sink, _options, transport.Token);
        await _registered.Task.WithinSafetyAsync();

        Assert.That(transport.Cancel, Throws.Nothing);
        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TransportClosed));
        Assert.That(_called.Task.IsCompleted, Is.True);
        Assert.That(sink.Closes.Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_write_is_given_up_at_its_deadline_whatever_its_callback_throws()
    {
        var sink = StuckSink();
        var subscription = _bus.Subscribe(Topic);
        var run = EventPump.RunAsync(subscription, sink, _options);
        await _registered.Task.WithinSafetyAsync();
        await _clock.AdvanceUntilAsync(_options.WriteTimeout, run);

        Assert.That(await run, Is.EqualTo(EndReason.SlowConsumer));
        Assert.That(subscription.Exception, Is.TypeOf<TimeoutException>());
        Assert.That(_called.Task.IsCompleted, Is.True);
    }

    [Test]
    public async Task A_write_is_given_up_when_the_drain_time_is_over_whatever_its_callback_throws()
    {
        var sink = StuckSink();
        var run = EventPump.RunAsync(_bus.Subscribe(Topic), sink, _options);
        await _registered.Task.WithinSafetyAsync();
        _bus.StopReaders();

        Assert.That(() => _clock.Advance(_options.DrainTimeout), Throws.Nothing, "On the timer's thread.");
        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
        Assert.That(_called.Task.IsCompleted, Is.True);
    }

    [Test]
    public async Task A_close_is_given_up_at_its_deadline_whatever_its_callback_throws()
    {
        var sink = new RecordingSink { OnClose = StickAsync };
        var run = EventPump.RunAsync(_bus.Subscribe(Topic), sink, _options);
        _bus.CloseTopic(Topic);
        await _registered.Task.WithinSafetyAsync();

        Assert.That(() => _clock.Advance(_options.WriteTimeout), Throws.Nothing, "On the timer's thread.");
        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
        Assert.That(_called.Task.IsCompleted, Is.True);
    }

    private RecordingSink StuckSink() => new() { OnWrite = (_, cancellationToken) => StickAsync(cancellationToken) };

    private Task StickAsync(CancellationToken cancellationToken)
    {
        Register(cancellationToken);
        return Signals.Create().Task;
    }

    private void Register(CancellationToken cancellationToken)
    {
        cancellationToken.Register(() =>
        {
            _called.TrySetResult();
            throw new InvalidOperationException("A bug in the callback.");
        });
        _registered.TrySetResult();
    }
}
