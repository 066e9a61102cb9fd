using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sse;

internal sealed class SseReaderOptionsTests
{
    private static readonly TestCaseData[] s_outOfRange =
    [
        new(new SseReaderOptions { MaxEventBytes = 0 }, nameof(SseReaderOptions.MaxEventBytes)),
        new(new SseReaderOptions { MaxEventBytes = (1 << 30) + 1 }, nameof(SseReaderOptions.MaxEventBytes)),
        new(new SseReaderOptions { MaxNameBytes = 0 }, nameof(SseReaderOptions.MaxNameBytes)),
        new(new SseReaderOptions { MaxNameBytes = (1 << 20) + 1 }, nameof(SseReaderOptions.MaxNameBytes)),
        new(new SseReaderOptions { ReadTimeout = TimeSpan.Zero }, nameof(SseReaderOptions.ReadTimeout)),
        new(new SseReaderOptions { ReadTimeout = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1) }, nameof(SseReaderOptions.ReadTimeout)),
    ];

    [TestCaseSource(nameof(s_outOfRange))]
    public void An_option_out_of_range_is_refused_by_name(SseReaderOptions options, string name) =>
        Assert.That(() => new SseReader(Stream.Null, options), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(name));

    [Test]
    public void The_ends_of_each_range_are_accepted()
    {
        Assert.That(() => new SseReader(Stream.Null, new SseReaderOptions { MaxEventBytes = 1, MaxNameBytes = 1, ReadTimeout = TimeSpan.FromMilliseconds(1) }), Throws.Nothing);
        Assert.That(() => new SseReader(Stream.Null, new SseReaderOptions { MaxEventBytes = 1 << 30, MaxNameBytes = 1 << 20, ReadTimeout = TimeSpan.FromDays(1) }), Throws.Nothing);
        Assert.That(() => new SseReader(Stream.Null, new SseReaderOptions { ReadTimeout = Timeout.InfiniteTimeSpan }), Throws.Nothing);
    }
}
