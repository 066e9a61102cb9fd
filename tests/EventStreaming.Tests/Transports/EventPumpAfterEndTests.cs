using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Transports;

/// <summary>
/// The sink fails when the subscription has ended already: how that ended stays, but the stream ended for the sink as the sink did, because
/// its client did not get the rest.
/// </summary>
internal sealed class EventPumpAfterEndTests
{
    private const string Topic = "session-1";

    private EventBus _bus = null!; // Made anew for each test.
    private ManualTimeProvider _clock = null!;

    public enum Failure
    {
        OtherSideGone,
        Bug,
        Deadline,
        Transport,
        DrainTime,
    }

    [SetUp]
    public void Create()
    {
        _clock = new ManualTimeProvider();
        _bus = ManualBus.Create(_clock, SampleTypes.Catalog);
    }

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [TestCase(EndReason.Completed, Failure.OtherSideGone, EndReason.TransportClosed)]
    [TestCase(EndReason.Completed, Failure.Bug, EndReason.Faulted)]
    [TestCase(EndReason.Completed, Failure.Deadline, EndReason.SlowConsumer)]
    [TestCase(EndReason.Completed, Failure.Transport, EndReason.TransportClosed)]
    [TestCase(EndReason.Completed, Failure.DrainTime, EndReason.HostStopping)]
    [TestCase(EndReason.TopicClosed, Failure.OtherSideGone, EndReason.TransportClosed)]
    [TestCase(EndReason.TopicClosed, Failure.Bug, EndReason.Faulted)]
    [TestCase(EndReason.TopicClosed, Failure.Deadline, EndReason.SlowConsumer)]
    [TestCase(EndReason.TopicClosed, Failure.Transport, EndReason.TransportClosed)]
    [TestCase(EndReason.TopicClosed, Failure.DrainTime, EndReason.HostStopping)]
    public async Task A_sink_that_fails_on_what_was_left_is_closed_as_it_failed(EndReason end, Failure failure, EndReason expected)
    {
        using var transport = new CancellationTokenSource();
        var (written, gate) = (Signals.Create(), Signals.Create());
        var sink = new RecordingSink
        {
            OnWrite = async (batch, _) =>
            {
                if (batch[0].IsControl)
                {
                    return;
                }

                written.TrySetResult();
                await gate.Task;
            },
        };
        var subscription = _bus.Subscribe(Topic);
        var run = EventPump.RunAsync(subscription, sink, new EventPumpOptions { MaxBatch = 1, KeepAliveInterval = Timeout.InfiniteTimeSpan }, transport.Token);
        _bus.Publish(Topic, SampleTypes.Delta);
        await written.Task.WithinSafetyAsync();
        _bus.Publish(Topic, end == EndReason.Completed ? SampleTypes.Completed : SampleTypes.Delta);
        _bus.CloseTopic(Topic);
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(end));
        await FailAsync(failure, gate, transport, run);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(expected));
        Assert.That(sink.Closes.Single().Reason, Is.EqualTo(expected));
        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, SampleTypes.Delta]), "Neither the rest nor an ending.");
        Assert.That((subscription.EndReason, subscription.Exception), Is.EqualTo((end, (Exception?)null)), "How it ended stays.");
    }

    [TestCase(EndReason.Completed)]
    [TestCase(EndReason.TopicClosed)]
    public async Task A_sink_that_fails_on_the_ending_is_closed_as_it_failed(EndReason end)
    {
        var sink = new RecordingSink { OnWrite = static (batch, _) => batch[0].Data is StreamEnding ? throw new IOException("Broken pipe.") : Task.CompletedTask };
        var subscription = _bus.Subscribe(Topic);
        var run = EventPump.RunAsync(subscription, sink);
        _bus.Publish(Topic, end == EndReason.Completed ? SampleTypes.Completed : SampleTypes.Delta);
        _bus.CloseTopic(Topic);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TransportClosed));
        Assert.That(sink.Closes.Single().Reason, Is.EqualTo(EndReason.TransportClosed));
        Assert.That((subscription.EndReason, subscription.Delivered), Is.EqualTo((end, 1L)));
    }

    private async Task FailAsync(Failure failure, TaskCompletionSource gate, CancellationTokenSource transport, Task run)
    {
        switch (failure)
        {
            case Failure.OtherSideGone:
                gate.SetException(new IOException("Broken pipe."));
                break;
            case Failure.Bug:
                gate.SetException(new InvalidDataException("A bug in the sink."));
                break;
            case Failure.Deadline:
                await _clock.AdvanceUntilAsync(new EventPumpOptions().WriteTimeout, run);
                break;
            case Failure.Transport:
                await transport.CancelAsync();
                break;
            case Failure.DrainTime:
                _bus.StopReaders();
                _clock.Advance(new EventPumpOptions().DrainTimeout);
                break;
        }
    }
}
