using System.Text;
using EventStreaming.Client.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sse;

internal sealed class SseLimitTests
{
    private static readonly SseReaderOptions s_small = new() { MaxEventBytes = 8, MaxNameBytes = 4 };

    [TestCase("data: 12345678\n\n")]
    [TestCase("data: 123\ndata: 5678\n\n", Description = "The LF between lines counts.")]
    [TestCase("data: 12345678\n\ndata: 12345678\n\n", Description = "Each event anew.")]
    [TestCase("data: éééé\n\n", Description = "Bytes, not letters.")]
    [TestCase("id: 1234\nevent: 1234\ndata: x\n\n")]
    [TestCase("event:  123\ndata: x\n\n")]
    [TestCase("id: 1\nid: 2\nid: 3\nid: 4\nid: 5\nid: 6\ndata: x\n\n", Description = "Each value by itself.")]
    [TestCase(":1234567890\n:1234567890\nunknown: 1234567890\nretry: 1234567890\n\n", Description = "What is not kept.")]
    public async Task What_is_just_within_the_limits_is_read(string input)
    {
        var bytes = Encoding.UTF8.GetBytes(input);
        var expected = SseReference.Read(bytes);

        Assert.That(await SseOutcome.ReadAsync(Chunks.One(bytes), s_small), Is.EqualTo(expected));
        Assert.That(await SseOutcome.ReadAsync(Chunks.Single(bytes), s_small), Is.EqualTo(expected));
    }

    [TestCase("data: 123456789\n\n", nameof(SseReaderOptions.MaxEventBytes))]
    [TestCase("data: 123456789", nameof(SseReaderOptions.MaxEventBytes), Description = "At once, not at the line's end.")]
    [TestCase("data: 1234\ndata: 5678\n\n", nameof(SseReaderOptions.MaxEventBytes))]
    [TestCase("data: 12345678\ndata", nameof(SseReaderOptions.MaxEventBytes), true, Description = "A name is not a field yet.")]
    [TestCase("data: 12345678\ndata\n", nameof(SseReaderOptions.MaxEventBytes))]
    [TestCase("data\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\ndata\n\n", nameof(SseReaderOptions.MaxEventBytes), Description = "Nothing but LFs.")]
    [TestCase("event: 12345\ndata: x\n\n", nameof(SseReaderOptions.MaxNameBytes))]
    [TestCase("id: 12345\ndata: x\n\n", nameof(SseReaderOptions.MaxNameBytes))]
    [TestCase("id: 1234\0\n\n", nameof(SseReaderOptions.MaxNameBytes), Description = "Known to be void only at its end.")]
    public async Task What_is_over_a_limit_ends_the_reading_with_the_option_to_raise(string input, string option, bool within = false)
    {
        var bytes = Encoding.UTF8.GetBytes("id: 7\ndata: ok\n\n" + input);
        foreach (var chunks in new[] { Chunks.One(bytes), Chunks.Single(bytes) })
        {
            await using var stream = new ChunkedStream(chunks);
            var reader = new SseReader(stream, s_small);
            var frames = new List<SseFrame>();
            var read = async () =>
            {
                await foreach (var frame in reader.ReadAllAsync())
                {
                    frames.Add(frame);
                }
            };

            Assert.That(read, within ? Throws.Nothing : Throws.InstanceOf<SseLimitException>().With.Message.Contains($"SseReaderOptions.{option}"));
            Assert.That(frames, Has.Count.EqualTo(1));
            Assert.That(reader.LastEventId, Is.EqualTo("7"));
        }
    }

    [TestCase("data: ")]
    [TestCase("event: ")]
    [TestCase("id: ")]
    public void An_endless_line_is_refused_at_its_limit_and_holds_no_more_than_that(string start)
    {
        var options = new SseReaderOptions { MaxEventBytes = 100_000, MaxNameBytes = 10_000 };
        var decoding = new SseDecoding(options);
        var piece = new byte[1_000];
        piece.AsSpan().Fill((byte)'x');
        decoding.Feed(Encoding.UTF8.GetBytes(start));
        var pieces = 0;
        var feed = () =>
        {
            for (; pieces < 1_000; pieces++)
            {
                decoding.Feed(piece);
            }
        };

        Assert.That(feed, Throws.InstanceOf<SseLimitException>());
        Assert.That(pieces, Is.EqualTo(start is "data: " ? 100 : 10));
        Assert.That(decoding.Capacity, Is.LessThanOrEqualTo(start is "data: " ? 100_000 : 10_000));
    }

    [TestCase(":")]
    [TestCase("unknown: ")]
    [TestCase("unknown")]
    [TestCase("retry: ")]
    [TestCase("\uFEFF\uFEFF")]
    public void An_endless_line_that_means_nothing_holds_no_memory(string start)
    {
        var decoding = new SseDecoding();
        var piece = new byte[10_000];
        piece.AsSpan().Fill((byte)'0');
        decoding.Feed(Encoding.UTF8.GetBytes(start));
        for (var i = 0; i < 1_000; i++)
        {
            decoding.Feed(piece);
        }

        Assert.That(decoding.Capacity, Is.Zero);
    }

    [Test]
    public void A_long_line_that_comes_byte_by_byte_is_not_copied_over_and_over()
    {
        const int length = 1 << 20;
        var decoding = new SseDecoding();
        decoding.Feed("data: "u8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < length; i++)
        {
            decoding.Feed("x"u8);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4 * length));
        decoding.Feed("\r\r"u8);
        Assert.That(decoding.Outcome.Frames.Single().Data.Length, Is.EqualTo(length));
    }

    [Test]
    public void A_large_event_leaves_no_large_buffer_behind()
    {
        var decoding = new SseDecoding();
        decoding.Feed(Encoding.UTF8.GetBytes($"data: {new string('x', 1 << 20)}\n\n"));

        Assert.That(decoding.Outcome.Frames, Has.Count.EqualTo(1));
        Assert.That(decoding.Capacity, Is.LessThanOrEqualTo(64 << 10));
    }

    [Test]
    public void Small_events_with_a_known_name_cost_their_frames_bytes_alone()
    {
        const int events = 1_000;
        var decoder = new SseDecoder(new SseReaderOptions());
        var block = "event: message.delta\ndata: {\"text\":\"word\"}\n\n"u8.ToArray();
        Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < events; i++)
        {
            Read();
        }

        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / events, Is.LessThanOrEqualTo(48));

        void Read()
        {
            ReadOnlySpan<byte> bytes = block;
            if (!decoder.TryRead(ref bytes, out var frame) || frame.EventType is not "message.delta")
            {
                Assert.Fail("The block is one event.");
            }
        }
    }
}
