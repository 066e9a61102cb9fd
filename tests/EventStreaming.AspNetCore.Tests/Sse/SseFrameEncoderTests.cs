using System.Buffers;
using System.Text;
using EventStreaming.AspNetCore.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sse;

internal sealed class SseFrameEncoderTests
{
    private const string Topic = "session-1";

    private EventBus _bus = null!; // Set before each test.

    [SetUp]
    public void Create() => _bus = new EventBus(catalog: SampleTypes.Catalog);

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public void A_frame_is_an_id_a_name_and_the_formats_data()
    {
        var item = _bus.Publish(Topic, SampleTypes.Delta, "ü");
        var json = Encoding.UTF8.GetString(JsonEventEncoder.Default.GetBytes(item).Span);

        Assert.That(TextOf(JsonEventEncoder.Default, item), Is.EqualTo($"id: {item.Cursor}\nevent: {SampleTypes.Delta}\ndata: {json}\n\n"));
        Assert.That(
            Encoding.UTF8.GetString(new SseFrameEncoder(JsonEventEncoder.Default, namesEvents: false).GetBytes(item).Span),
            Is.EqualTo($"id: {item.Cursor}\ndata: {json}\n\n"));
    }

    [TestCase("one", "data: one\n")]
    [TestCase("", "data: \n")]
    [TestCase("one\ntwo", "data: one\ndata: two\n")]
    [TestCase("one\rtwo", "data: one\ndata: two\n")]
    [TestCase("one\r\ntwo", "data: one\ndata: two\n")]
    [TestCase("one\n\rtwo", "data: one\ndata: \ndata: two\n")]
    [TestCase("one\r", "data: one\ndata: \n")]
    [TestCase("one\r\n", "data: one\ndata: \n")]
    [TestCase("\r\n\r\n", "data: \ndata: \ndata: \n")]
    [TestCase("a\n\nid: 9-9\nevent: stream.end\ndata: {}\n\n", "data: a\ndata: \ndata: id: 9-9\ndata: event: stream.end\ndata: data: {}\ndata: \ndata: \n")]
    public void A_foreign_formats_line_ends_split_its_data_and_end_no_field(string text, string data)
    {
        var item = _bus.Publish(Topic, SampleTypes.Delta, text);

        Assert.That(TextOf(new PlainEncoder(), item), Is.EqualTo($"id: {item.Cursor}\nevent: {SampleTypes.Delta}\n{data}\n"));
    }

    [Test]
    public async Task Whatever_is_in_the_data_a_reader_gets_it_as_data_with_LF_for_its_line_ends([Values("\r", "\n", "\r\n", "\0", "\u2028", "\r\r\n\n")] string attack)
    {
        var text = $"a{attack}{attack}id: 9-9{attack}event: stream.end{attack}retry: 1{attack}data: b{attack}:c{attack}{attack}";
        var item = _bus.Publish(Topic, SampleTypes.Delta, text);
        using var bytes = new MemoryStream(new SseFrameEncoder(new PlainEncoder(), namesEvents: true).GetBytes(item).ToArray());
        var reader = new SseFrameReader(bytes);

        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        Assert.That(await reader.ReadAsync(), Is.EqualTo(new SseFrame(item.Cursor.ToString(), SampleTypes.Delta, lines, null, 0)));
        Assert.That(await reader.ReadAsync(), Is.Null);
    }

    [TestCase("a\nid: 9-9")]
    [TestCase("a\rb")]
    [TestCase("a\r\nb")]
    [TestCase("a\0b")]
    [TestCase("a b")]
    public void No_event_can_have_a_type_that_would_end_its_field(string type)
    {
        Assert.That(() => _bus.Publish(Topic, type), Throws.ArgumentException);
        Assert.That(() => new EventTypeDescriptor(type), Throws.ArgumentException);
        Assert.That(() => new EventCursor(type, 1), Throws.ArgumentException, "Nor a cursor an epoch.");
    }

    [Test]
    public async Task An_opening_has_an_id_only_when_the_place_is_known_and_a_gap_and_an_end_have_theirs()
    {
        await using var known = _bus.Subscribe(Topic);
        await using var unknown = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, From = default(EventCursor) });
        _bus.Publish(Topic, SampleTypes.Delta);
        await using var fresh = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, From = default(EventCursor) });
        Assert.That(fresh.TryRead(out var open), Is.True);
        Assert.That(unknown.TryRead(out var openAtStart), Is.True);

        Assert.That(TextOf(JsonEventEncoder.Default, open!), Does.StartWith("event: stream.open\ndata: "));
        Assert.That(TextOf(JsonEventEncoder.Default, openAtStart!), Does.StartWith("id: ").And.Contain("-0\nevent: stream.open\ndata: "));

        await using var slow = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, From = EventCursor.End, Capacity = 2 });
        for (var i = 0; i < 3; i++)
        {
            _bus.Publish(Topic, SampleTypes.Delta);
        }

        slow.TryRead(out _);
        Assert.That(slow.TryRead(out var gap), Is.True);
        Assert.That(TextOf(JsonEventEncoder.Default, gap!), Does.StartWith($"id: {gap!.Cursor}\nevent: stream.gap\ndata: "));
    }

    [Test]
    public void An_event_that_cannot_be_written_is_a_gap_in_its_place_for_all()
    {
        var item = _bus.Publish(Topic, SampleTypes.Delta, new Unwritable());
        var encoder = new SseFrameEncoder(JsonEventEncoder.Default, namesEvents: true);
        var text = Encoding.UTF8.GetString(encoder.GetBytes(item).Span);

        Assert.That(text, Does.StartWith($"id: {item.Cursor}\nevent: stream.gap\ndata: ").And.Contain("\"reason\":\"unencodable\"").And.EndsWith("\n\n"));
        Assert.That(text, Does.Not.Contain("secret"));
    }

    [Test]
    public void A_converter_that_encodes_another_event_meanwhile_spoils_neither()
    {
        var encoder = new SseFrameEncoder(new PlainEncoder(), namesEvents: true);
        encoder.GetBytes(_bus.Publish(Topic, SampleTypes.Delta, "so that there is a buffer to be used again"));
        var inner = _bus.Publish(Topic, SampleTypes.Delta, "inner");
        var outer = _bus.Publish(Topic, SampleTypes.Delta, new Func<string>(() => "outer of " + encoder.GetBytes(inner).Length));

        Assert.That(Encoding.UTF8.GetString(encoder.GetBytes(outer).Span), Does.EndWith($"\ndata: outer of {encoder.GetBytes(inner).Length}\n\n"));
        Assert.That(Encoding.UTF8.GetString(encoder.GetBytes(inner).Span), Does.EndWith("\ndata: inner\n\n"));
    }

    [Test]
    public void Endpoints_share_an_encoder_and_so_its_frames()
    {
        var encoders = new SseEncoders();
        var first = encoders.Get(JsonEventEncoder.Default, namesEvents: true);

        Assert.That(encoders.Get(JsonEventEncoder.Default, namesEvents: true), Is.SameAs(first));
        Assert.That(encoders.Get(JsonEventEncoder.Default, namesEvents: false), Is.Not.SameAs(first));
        Assert.That(encoders.Get(new JsonEventEncoder(), namesEvents: true), Is.Not.SameAs(first));
    }

    private static string TextOf(EventEncoder inner, StreamEvent item) => Encoding.UTF8.GetString(new SseFrameEncoder(inner, namesEvents: true).GetBytes(item).Span);

    /// <summary>A format that is the payload's text as it is.</summary>
    private sealed class PlainEncoder : EventEncoder
    {
        public override string Format => "plain";

        protected override void Encode(StreamEvent source, IBufferWriter<byte> output) =>
            Encoding.UTF8.GetBytes(source.Data is Func<string> make ? make() : (string)source.Data!, output);
    }

    private sealed class Unwritable
    {
        private readonly string _reason = "secret";

        public string Text => throw new InvalidOperationException(_reason);
    }
}
