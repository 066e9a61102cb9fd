using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sockets;

internal sealed class EventSocketClientOptionsTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    private static IEnumerable<TestCaseData> OutOfRange()
    {
        yield return Case("Catalog", static options => options.Catalog = null!);
        yield return Case("MaxMessageBytes", static options => options.MaxMessageBytes = 1_023);
        yield return Case("MaxMessageBytes", static options => options.MaxMessageBytes = (1 << 30) + 1);
        yield return Case("TopicBufferBytes", static options => options.TopicBufferBytes = 1_023);
        yield return Case("ReadTimeout", static options => options.ReadTimeout = TimeSpan.Zero);
        yield return Case("KeepAliveInterval", static options => options.KeepAliveInterval = TimeSpan.FromMilliseconds(100) - s_tick);
        yield return Case("KeepAliveTimeout", static options => options.KeepAliveTimeout = TimeSpan.FromDays(1) + s_tick);
        yield return Case("ReconnectDelay", static options => options.ReconnectDelay = TimeSpan.Zero);
        yield return Case("MaxReconnectAttempts", static options => options.MaxReconnectAttempts = -1);

        static TestCaseData Case(string option, Action<EventSocketClientOptions> configure) => new(option, configure);
    }

    [TestCaseSource(nameof(OutOfRange))]
    public void An_option_out_of_its_range_is_refused_by_name(string option, Action<EventSocketClientOptions> configure)
    {
        var options = new EventSocketClientOptions();
        configure(options);

        Assert.That(() => new EventSocketClient(options), Throws.ArgumentException.With.Message.Contains(option));
    }

    [Test]
    public void The_defaults_are_in_range_and_infinite_silence_may_be_allowed() => Assert.That(
        () => new EventSocketClient(new EventSocketClientOptions
        {
            ReadTimeout = Timeout.InfiniteTimeSpan,
            KeepAliveInterval = Timeout.InfiniteTimeSpan,
            KeepAliveTimeout = Timeout.InfiniteTimeSpan,
        }),
        Throws.Nothing);
}
