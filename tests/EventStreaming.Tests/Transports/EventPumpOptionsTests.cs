using Moq;
using NUnit.Framework;

namespace EventStreaming.Tests.Transports;

internal sealed class EventPumpOptionsTests
{
    private static IEnumerable<TestCaseData> OutOfRange()
    {
        yield return new(new EventPumpOptions { MaxBatch = 0 }, "MaxBatch is 0; set it between 1 and 65536.");
        yield return new(new EventPumpOptions { MaxBatch = 65_537 }, "MaxBatch is 65537; set it between 1 and 65536.");
        yield return new(new EventPumpOptions { KeepAliveInterval = TimeSpan.FromMilliseconds(99) }, "KeepAliveInterval is 00:00:00.0990000; set it between 00:00:00.1000000 and 1.00:00:00.");
        yield return new(new EventPumpOptions { KeepAliveInterval = TimeSpan.FromDays(2) }, "KeepAliveInterval is 2.00:00:00; set it between 00:00:00.1000000 and 1.00:00:00.");
        yield return new(new EventPumpOptions { WriteTimeout = TimeSpan.Zero }, "WriteTimeout is 00:00:00; set it between 00:00:00.0010000 and 01:00:00.");
        yield return new(new EventPumpOptions { WriteTimeout = Timeout.InfiniteTimeSpan }, "WriteTimeout is -00:00:00.0010000; set it between 00:00:00.0010000 and 01:00:00.");
        yield return new(new EventPumpOptions { DrainTimeout = TimeSpan.FromTicks(-1) }, "DrainTimeout is -00:00:00.0000001; set it between 00:00:00 and 01:00:00.");
        yield return new(new EventPumpOptions { DrainTimeout = TimeSpan.FromHours(2) }, "DrainTimeout is 02:00:00; set it between 00:00:00 and 01:00:00.");
    }

    [TestCaseSource(nameof(OutOfRange))]
    public async Task An_option_out_of_range_is_refused_with_its_value_and_range(EventPumpOptions options, string message)
    {
        await using var bus = new EventBus();
        await using var subscription = bus.Subscribe("session-1");

        Assert.That(
            () => EventPump.RunAsync(subscription, Mock.Of<IEventSink>(), options),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(message));
        Assert.That(subscription.EndReason, Is.Null);
    }

    [Test]
    public async Task Options_at_their_limits_are_accepted([Values] bool least)
    {
        await using var bus = new EventBus();
        var options = least
            ? new EventPumpOptions { MaxBatch = 1, KeepAliveInterval = TimeSpan.FromMilliseconds(100), WriteTimeout = TimeSpan.FromMilliseconds(1), DrainTimeout = TimeSpan.Zero }
            : new EventPumpOptions { MaxBatch = 65_536, KeepAliveInterval = TimeSpan.FromDays(1), WriteTimeout = TimeSpan.FromHours(1), DrainTimeout = TimeSpan.FromHours(1) };
        using var transport = new CancellationTokenSource();
        var run = EventPump.RunAsync(bus.Subscribe("session-1"), Mock.Of<IEventSink>(), options, transport.Token);
        await transport.CancelAsync();

        Assert.That(await run, Is.EqualTo(EndReason.TransportClosed));
    }
}
