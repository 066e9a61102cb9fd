using NUnit.Framework;

namespace EventStreaming.Client.Tests;

internal sealed class EventStreamClientOptionsTests
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    private static IEnumerable<TestCaseData> OutOfRange()
    {
        yield return Case("Catalog", static options => options.Catalog = null!);
        yield return Case("Reader", static options => options.Reader = null!);
        yield return Case("Reader:MaxEventBytes", static options => options.Reader.MaxEventBytes = 0);
        yield return Case("Reader:MaxNameBytes", static options => options.Reader.MaxNameBytes = 0);
        yield return Case("Reader:ReadTimeout", static options => options.Reader.ReadTimeout = TimeSpan.Zero);
        yield return Case("ReconnectDelay", static options => options.ReconnectDelay = TimeSpan.FromMilliseconds(1) - s_tick);
        yield return Case("ReconnectDelay", static options => options.ReconnectDelay = TimeSpan.FromHours(1) + s_tick);
        yield return Case("MaxReconnectDelay", static options => options.MaxReconnectDelay = options.ReconnectDelay - s_tick);
        yield return Case("MaxReconnectDelay", static options => options.MaxReconnectDelay = s_day + s_tick);
        yield return Case("MaxServerDelay", static options => options.MaxServerDelay = -s_tick);
        yield return Case("MaxServerDelay", static options => options.MaxServerDelay = s_day + s_tick);
        yield return Case("StableAfter", static options => options.StableAfter = -s_tick);
        yield return Case("StableAfter", static options => options.StableAfter = s_day + s_tick);
        yield return Case("MaxReconnectAttempts", static options => options.MaxReconnectAttempts = -1);

        static TestCaseData Case(string option, Action<EventStreamClientOptions> configure) => new(option, configure);
    }

    [TestCaseSource(nameof(OutOfRange))]
    public void An_option_out_of_its_range_is_refused_by_name(string option, Action<EventStreamClientOptions> configure)
    {
        var options = new EventStreamClientOptions();
        configure(options);
        using var http = new HttpClient();

        Assert.That(() => new EventStreamClient(http, options), Throws.ArgumentException.With.Message.Contains(option));
    }

    [Test]
    public void The_defaults_are_in_range_and_infinite_silence_may_be_allowed()
    {
        using var http = new HttpClient();

        Assert.That(() => new EventStreamClient(http), Throws.Nothing);
        Assert.That(() => new EventStreamClient(http, new EventStreamClientOptions { Reader = { ReadTimeout = Timeout.InfiniteTimeSpan } }), Throws.Nothing);
    }

    [Test]
    public void A_client_without_an_HttpClient_is_refused() => Assert.That(() => new EventStreamClient(null!), Throws.ArgumentNullException);
}
