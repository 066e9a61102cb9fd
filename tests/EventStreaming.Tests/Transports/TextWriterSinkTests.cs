using System.Text;
using System.Text.Json.Nodes;
using EventStreaming.Tests.Support;
using Moq;
using NUnit.Framework;

namespace EventStreaming.Tests.Transports;

internal sealed class TextWriterSinkTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task A_stream_is_written_as_one_line_of_json_per_event()
    {
        await using var bus = new EventBus();
        await using var writer = new StringWriter();
        var run = EventPump.RunAsync(bus.Subscribe(Topic), new TextWriterSink(writer));
        bus.Publish(Topic, "status", "two\r\nlines");
        bus.Publish(Topic, "raw", JsonPayload.Parse("{\n\"a\":1\n}"u8.ToArray()));
        bus.CloseTopic(Topic);
        await run.WithinSafetyAsync();

        var lines = writer.ToString().Split('\n');
        Assert.That(lines[^1], Is.Empty, "The last line is ended, too.");
        Assert.That(lines.SkipLast(1).Select(static line => (string?)JsonNode.Parse(line)!["type"]), Is.EqualTo(["stream.open", "status", "raw", "stream.end"]));
        Assert.That((string?)JsonNode.Parse(lines[1])!["data"], Is.EqualTo("two\r\nlines"));
    }

    [Test]
    public async Task The_given_encoder_decides_the_format()
    {
        await using var bus = new EventBus();
        await using var writer = new StringWriter();
        var run = EventPump.RunAsync(bus.Subscribe(Topic), new TextWriterSink(writer, new TypeOnlyEncoder()));
        bus.Publish(Topic, "status");
        bus.CloseTopic(Topic);
        await run.WithinSafetyAsync();

        Assert.That(writer.ToString(), Is.EqualTo("→ stream.open\n→ status\n→ stream.end\n"));
    }

    [Test]
    public async Task Each_write_is_flushed_and_the_writer_is_left_open()
    {
        await using var bus = new EventBus();
        await using var file = new MemoryStream();
        await using var writer = new StreamWriter(file, bufferSize: 1 << 20);
        var sink = new TextWriterSink(writer);
        var item = bus.Publish(Topic, "status");
        await sink.WriteAsync(new[] { item }, CancellationToken.None);
        var flushed = file.Length;
        await sink.CloseAsync(EndReason.Completed, CancellationToken.None);
        await writer.WriteAsync("still open");

        Assert.That(flushed, Is.EqualTo(JsonEventEncoder.Default.GetBytes(item).Length + 1));
    }

    [Test]
    public async Task A_full_disk_ends_the_stream_as_transport_closed()
    {
        await using var bus = new EventBus();
        var disk = new IOException("No space left on device.");
        var writer = new Mock<TextWriter>();
        writer.Setup(static w => w.WriteAsync(It.IsAny<StringBuilder>(), It.IsAny<CancellationToken>())).ThrowsAsync(disk);
        var subscription = bus.Subscribe(Topic);

        Assert.That(await EventPump.RunAsync(subscription, new TextWriterSink(writer.Object)).WithinSafetyAsync(), Is.EqualTo(EndReason.TransportClosed));
        Assert.That(subscription.Exception, Is.SameAs(disk));
    }

    [Test]
    public async Task A_writer_that_was_disposed_ends_the_stream_as_transport_closed()
    {
        await using var bus = new EventBus();
        var writer = new StringWriter();
        await writer.DisposeAsync();

        Assert.That(await EventPump.RunAsync(bus.Subscribe(Topic), new TextWriterSink(writer)).WithinSafetyAsync(), Is.EqualTo(EndReason.TransportClosed));
    }

    [Test]
    public async Task A_payload_that_cannot_be_written_is_a_gap_in_its_place_and_the_stream_goes_on()
    {
        await using var bus = new EventBus();
        await using var writer = new StringWriter();
        var run = EventPump.RunAsync(bus.Subscribe(Topic), new TextWriterSink(writer));
        bus.Publish(Topic, "bad", new { Self = (Delegate)Signals.Create });
        bus.Publish(Topic, "good");
        bus.CloseTopic(Topic);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
        Assert.That(writer.ToString(), Does.Match("(?s)unencodable.*\"good\""));
    }

    private sealed class TypeOnlyEncoder : EventEncoder
    {
        public override string Format => "types";

        protected override void Encode(StreamEvent source, System.Buffers.IBufferWriter<byte> output) =>
            Encoding.UTF8.GetBytes("→ " + source.Type, output);
    }
}
