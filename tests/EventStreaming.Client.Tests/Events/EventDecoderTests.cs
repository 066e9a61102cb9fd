using System.Text;
using EventStreaming.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Events;

// Each test has a decoder of its own, as each stream has.
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class EventDecoderTests
{
    private const string Topic = "session-1";

    private readonly ManualTimeProvider _clock = new();
    private readonly EventDecoder _decoder;

    public EventDecoderTests() => _decoder = new EventDecoder(EventCatalog.Empty, _clock, static (type, exception) => Assert.Fail($"{type}: {exception}"));

    [Test]
    public async Task An_event_is_here_what_it_was_on_the_bus()
    {
        await using var bus = new EventBus(timeProvider: _clock);
        _clock.Advance(TimeSpan.FromMilliseconds(1.5));
        using var activity = new System.Diagnostics.Activity("publishes").SetIdFormat(System.Diagnostics.ActivityIdFormat.W3C).Start();
        var sent = bus.Publish(Topic, new EventDraft("tool_call.start", JsonPayload.Parse("""{"a":[1,"\u00e9"]}"""u8.ToArray()))
        {
            Source = "worker:\"7\u00e9\"",
            RunId = "run-1",
            CorrelationId = "request-1",
            ParentId = "step-1",
        });

        var got = Decode(JsonEventEncoder.Default.GetBytes(sent), sent.Cursor.ToString(), "message", out var isNative);

        Assert.That(isNative, Is.True);
        Assert.That(
            (got.Id, got.Type, got.Source, got.Topic, got.Sequence, got.Time, got.CorrelationId, got.RunId, got.ParentId, got.TraceParent, got.Cursor),
            Is.EqualTo((sent.Id, sent.Type, sent.Source, sent.Topic, sent.Sequence, sent.Time, sent.CorrelationId, sent.RunId, sent.ParentId, sent.TraceParent, sent.Cursor)));
        Assert.That(got.TraceParent, Is.EqualTo(activity.Id));
        Assert.That(got.Data!.ToString(), Is.EqualTo(sent.Data!.ToString()));
        Assert.That(JsonEventEncoder.Default.GetBytes(got).ToArray(), Is.EqualTo(JsonEventEncoder.Default.GetBytes(sent).ToArray()));
    }

    [Test]
    public void A_payload_as_deep_as_may_be_published_is_read()
    {
        var data = new string('[', 64) + new string(']', 64);

        var item = Decode($$"""{"type":"deep","seq":1,"data":{{data}}}""", "e-1", out var isNative);

        Assert.That(isNative, Is.True);
        Assert.That(item.Data!.ToString(), Is.EqualTo(data));
    }

    [TestCase("""{"type":"step","seq":5}""", "e-1", false, 1)]
    [TestCase("""{"type":"step","seq":1}""", "e-5", false, 5)]
    [TestCase("""{"type":"step","seq":5}""", "e-5", true, 5)]
    [TestCase("""{"type":"step","seq":5}""", "no cursor", true, 5)]
    [TestCase("""{"type":"stream.open","seq":0}""", "e-5", true, 0)]
    public void An_event_whose_number_is_not_its_ids_is_none_of_ours(string json, string id, bool expected, long sequence)
    {
        // By its number those in between would be taken for duplicates, and left out.
        var item = Decode(json, id, out var isNative);

        Assert.That(isNative, Is.EqualTo(expected));
        Assert.That(item.Sequence, Is.EqualTo(sequence));
    }

    [Test]
    public void Members_that_are_not_known_and_a_payload_of_null_are_left_out()
    {
        var item = Decode("""{"future":{"seq":9},"type":"step","seq":1,"data":null,"more":[1]}""", "e-1", out var isNative);

        Assert.That(isNative, Is.True);
        Assert.That((item.Type, item.Sequence, item.Data, item.Source), Is.EqualTo(("step", 1L, (object?)null, (string?)null)));
        Assert.That(item.Time, Is.EqualTo(_clock.GetUtcNow()));
    }

    [Test]
    public void Without_a_cursor_as_its_id_a_native_event_has_its_sequence_and_no_cursor([Values(null, "opaque", "e-01")] string? id)
    {
        var item = Decode("""{"type":"step","seq":7}""", id, out var isNative);

        Assert.That(isNative, Is.True);
        Assert.That(item.Sequence, Is.EqualTo(7));
        Assert.That(item.Cursor, Is.EqualTo(default(EventCursor)));
        Assert.That(item.Cursor.ToString(), Is.Empty);
    }

    [TestCase("""{"percent":5}""")]
    [TestCase("""{"type":"step"}""")]
    [TestCase("""{"seq":1}""")]
    [TestCase("""{"type":"","seq":1}""")]
    [TestCase("""{"type":5,"seq":1}""")]
    [TestCase("""{"type":"step","seq":"1"}""")]
    [TestCase("""{"type":"step","seq":-1}""")]
    [TestCase("""{"type":"step","seq":1.5}""")]
    [TestCase("""{"type":"step","seq":1,"time":"yesterday"}""")]
    [TestCase("""{"type":"step","seq":1,"id":"7"}""")]
    [TestCase("""{"type":"step","seq":1,"topic":null}""")]
    [TestCase("""[{"type":"step","seq":1}]""")]
    [TestCase("5")]
    public void JSON_in_another_format_is_an_event_of_the_frames_name_with_the_JSON(string data)
    {
        var item = Decode(data, "e-3", out var isNative);

        Assert.That(isNative, Is.False);
        Assert.That((item.Type, item.Topic, item.Sequence, item.Time), Is.EqualTo(("frame", string.Empty, 3L, _clock.GetUtcNow())));
        Assert.That(item.Data, Is.TypeOf<JsonPayload>());
        Assert.That(item.Data!.ToString(), Is.EqualTo(data));
        Assert.That(item.Cursor, Is.EqualTo(new EventCursor("e", 3)));
    }

    [TestCase("")]
    [TestCase("[DONE]")]
    [TestCase("two\nlines")]
    [TestCase("""{"type":"step","seq":1} and more""")]
    [TestCase("""{"type":"step","seq":1""")]
    public void Text_is_an_event_of_the_frames_name_with_the_text(string data)
    {
        var item = Decode(data, id: null, out var isNative);

        Assert.That(isNative, Is.False);
        Assert.That(item.Data, Is.EqualTo(data));
        Assert.That((item.Sequence, item.Cursor), Is.EqualTo((0L, default(EventCursor))));
    }

    [Test]
    public void A_control_event_of_a_later_version_is_one_with_raw_data()
    {
        var item = Decode("""{"type":"stream.pause","seq":4,"data":{"for":5}}""", "e-4", out _);

        Assert.That(item.IsControl, Is.True);
        Assert.That(item.Data, Is.TypeOf<JsonPayload>());
    }

    [Test]
    public void A_gap_for_a_reason_of_a_later_version_is_still_a_gap_event()
    {
        var reported = new List<string>();
        var decoder = new EventDecoder(EventCatalog.Empty, _clock, (type, _) => reported.Add(type));

        var item = decoder.Decode(Frame("""{"type":"stream.gap","seq":4,"data":{"from":1,"to":4,"count":4,"reason":"comet"}}""", "e-4"), out _);

        Assert.That((item.Type, item.IsControl), Is.EqualTo(("stream.gap", true)));
        Assert.That(item.Data, Is.TypeOf<JsonPayload>());
        Assert.That(reported, Is.EqualTo(["stream.gap"]));
    }

    [Test]
    public void Names_that_no_event_type_may_have_here_are_taken_as_they_come()
    {
        Assert.That(new EventDecoder(EventCatalog.Empty, _clock, static (_, _) => { }).Decode(new SseFrame("caf\u00e9 noir", "x"u8.ToArray(), null), out _).Type, Is.EqualTo("caf\u00e9 noir"));
        Assert.That(Enumerable.Range(0, 1_000).Select(number => _decoder.Decode(new SseFrame($"type-{number}", default, null), out _).Type), Is.Unique);
    }

    [Test]
    public void Whatever_comes_is_an_event()
    {
        var pieces = new[] { "{", "}", "[", "]", ":", ",", "\"type\"", "\"seq\"", "\"data\"", "\"step\"", "\"\\ud800\"", "1", "-1", "1e99", "null", "true", "\"", " ", "\n", "\\", "é" };
        var texts = Gen.Elements(pieces).ArrayOf().Select(string.Concat);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(20_000),
            Prop.ForAll(texts.ToArbitrary(), text => Decode(text, "e-1", out _) is { Type: "frame" or "step" }));
    }

    private static SseFrame Frame(string data, string? id) => new("frame", Encoding.UTF8.GetBytes(data), id);

    private StreamEvent Decode(string data, string? id, out bool isNative) => _decoder.Decode(Frame(data, id), out isNative);

    private StreamEvent Decode(ReadOnlyMemory<byte> data, string? id, string name, out bool isNative) => _decoder.Decode(new SseFrame(name, data, id), out isNative);
}
