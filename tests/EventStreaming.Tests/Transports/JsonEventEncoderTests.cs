using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Transports;

internal sealed partial class JsonEventEncoderTests
{
    private EventBus _bus = null!; // Made anew for each test.

    [SetUp]
    public void SetUp() => _bus = ManualBus.Create(new ManualTimeProvider());

    [TearDown]
    public ValueTask TearDownAsync() => _bus.DisposeAsync();

    [Test]
    public void An_event_is_one_object_with_its_attributes_in_order()
    {
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        var item = _bus.Publish("session-1", new EventDraft("status", "Reading")
        {
            Source = "queen",
            CorrelationId = "c1",
            RunId = "r1",
            ParentId = "p1",
        });

        Assert.That(Encode(item), Is.EqualTo(
            $$"""{"id":"{{item.Id}}","type":"status","source":"queen","topic":"session-1","seq":1,"time":"2026-01-01T00:00:00+00:00","correlationId":"c1","runId":"r1","parentId":"p1","traceparent":"{{activity.Id}}","data":"Reading"}"""));
    }

    [Test]
    public void Attributes_that_are_null_are_left_out()
    {
        var item = _bus.Publish("session-1", "status");
        Assert.That(Encode(item), Is.EqualTo($$"""{"id":"{{item.Id}}","type":"status","topic":"session-1","seq":1,"time":"2026-01-01T00:00:00+00:00"}"""));
    }

    [Test]
    public async Task A_control_event_has_no_id_as_nobody_published_it()
    {
        var head = _bus.Publish("session-1", "status").Cursor;
        await using var reader = _bus.Subscribe(new SubscriptionOptions { Topic = "session-1", From = new EventCursor("unknown", 1) });
        Assert.That(reader.TryRead(out var opening), Is.True);
        Assert.That(Encode(opening!), Is.EqualTo(
            $$$"""{"type":"stream.open","topic":"session-1","seq":0,"time":"2026-01-01T00:00:00+00:00","data":{"outcome":"unknown","head":"{{{head}}}"}}"""));
    }

    [TestCase(null, null)]
    [TestCase("text", "\"text\"")]
    [TestCase("", "\"\"")]
    [TestCase(42, "42")]
    [TestCase(42L, "42")]
    [TestCase(0.5, "0.5")]
    [TestCase(true, "true")]
    [TestCase((byte)7, "7")]
    [TestCase('x', "\"x\"")]
    public void A_plain_value_is_a_payload(object? data, string? expected) => Assert.That(EncodeData(data), Is.EqualTo(expected));

    [Test]
    public void Undeclared_payloads_are_written_by_reflection_with_web_names()
    {
        Assert.That(EncodeData(new { FileName = "a.txt", Lines = 3 }), Is.EqualTo("""{"fileName":"a.txt","lines":3}"""));
        Assert.That(EncodeData(Enumerable.Range(1, 2).ToList()), Is.EqualTo("[1,2]"));
        Assert.That(EncodeData(new Dictionary<string, int>(StringComparer.Ordinal) { ["Total"] = 1 }), Is.EqualTo("""{"Total":1}"""));
        Assert.That(EncodeData(JsonNode.Parse("""{"a":[null]}""")), Is.EqualTo("""{"a":[null]}"""));
        Assert.That(EncodeData(JsonElement.Parse("""{"a":1}""")), Is.EqualTo("""{"a":1}"""));
    }

    [Test]
    public async Task Declared_payloads_are_written_by_their_own_metadata_and_not_by_the_encoders_options()
    {
        var encoder = new JsonEventEncoder(new JsonSerializerOptions { TypeInfoResolver = JsonTypeInfoResolver.Combine() });
        var declared = new EventTypeDescriptor<Progress>("progress", TestJson.Default.Progress);
        var item = await PublishDeclaredAsync(declared, new Progress(42, null));
        var inherited = await PublishDeclaredAsync(declared, new DetailedProgress(43, null, "not declared"));

        Assert.That(DataOf(Encode(item, encoder)), Is.EqualTo("""{"percent_done":42}"""));
        Assert.That(DataOf(Encode(inherited, encoder)), Is.EqualTo("""{"percent_done":43}"""));
    }

    [Test]
    public async Task A_payload_without_metadata_where_reflection_is_not_allowed_is_an_error_in_the_log_that_says_what_to_do()
    {
        using var log = new LogRecorder();
        await using var bus = new EventBus(loggerFactory: log);
        var encoder = new JsonEventEncoder(new JsonSerializerOptions { TypeInfoResolver = TestJson.Default });
        var item = bus.Publish("session-1", "progress", new { Percent = 1 });

        Assert.That(Encoding.UTF8.GetString(encoder.GetBytes(item).Span), Does.Contain("unencodable"));
        Assert.That(log.Of(1101).Single().Exception, Is.TypeOf<EventEncodingException>().With.Message.Contains("Declare its JsonTypeInfo in the EventCatalog"));
    }

    [Test]
    public void Options_without_a_resolver_write_undeclared_payloads_by_reflection()
    {
        var options = new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
        var item = _bus.Publish("session-1", "progress", new { PercentDone = 1 });
        Assert.That(DataOf(Encode(item, new JsonEventEncoder(options))), Is.EqualTo("""{"percent_done":1}"""));
    }

    [Test]
    public void Raw_json_is_written_as_it_is() =>
        Assert.That(EncodeData(JsonPayload.Parse("""{ "a": 1.50, "ü": "é" }"""u8.ToArray())), Is.EqualTo("""{ "a": 1.50, "ü": "é" }"""));

    [TestCase("{\n  \"a\": [\n 1\n ]\n}", "{  \"a\": [ 1 ]}")]
    [TestCase("\r\n{\"a\":\"x\\ny\"}\r\n", "{\"a\":\"x\\ny\"}")]
    [TestCase("[1,\r2]", "[1,2]")]
    public void Raw_json_spread_over_lines_becomes_one_line(string json, string expected) =>
        Assert.That(EncodeData(JsonPayload.Parse(Encoding.UTF8.GetBytes(json))), Is.EqualTo(expected));

    [Test]
    public void Control_characters_are_escaped_wherever_they_stand()
    {
        const string Nasty = "a\r\nb\0\u0085\u2028\"\\</script>";
        var item = _bus.Publish("session-1", new EventDraft("status", new { Text = Nasty }) { Source = Nasty, RunId = Nasty });
        var line = Encode(item);

        Assert.That(line, Has.None.Matches<char>(char.IsControl));
        Assert.That(line, Does.Not.Contain('\u2028').And.Not.Contain("</script>"));
        var parsed = JsonNode.Parse(line)!;
        Assert.That((string?)parsed["source"], Is.EqualTo(Nasty));
        Assert.That((string?)parsed["data"]!["text"], Is.EqualTo(Nasty));
    }

    [Test]
    public void The_options_escaping_holds_for_payload_and_attributes()
    {
        var encoder = new JsonEventEncoder(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var item = _bus.Publish("session-1", new EventDraft("status", new { Text = "größer\n" }) { Source = "Köln" });
        var line = Encode(item, encoder);

        Assert.That(line, Does.Contain("\"Köln\"").And.Contain("größer").And.Not.Contain('\n'));
    }

    [Test]
    public void Indented_options_still_give_one_line()
    {
        var encoder = new JsonEventEncoder(new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true });
        var item = _bus.Publish("session-1", "status", new { A = new { B = 1 } });
        Assert.That(Encode(item, encoder), Does.Not.Contain('\n'));
    }

    private static string Encode(StreamEvent item, EventEncoder? encoder = null) =>
        Encoding.UTF8.GetString((encoder ?? JsonEventEncoder.Default).GetBytes(item).Span);

    private static string? DataOf(string line)
    {
        var start = line.IndexOf("\"data\":", StringComparison.Ordinal);
        return start < 0 ? null : line[(start + 7)..^1];
    }

    private string? EncodeData(object? data) => DataOf(Encode(_bus.Publish("session-1", "status", data)));

    private static async Task<StreamEvent> PublishDeclaredAsync(EventTypeDescriptor<Progress> type, Progress data)
    {
        await using var bus = new EventBus(catalog: new EventCatalog(type));
        return bus.Publish("session-1", type, data);
    }

    private record Progress(int PercentDone, string? Label);

    private sealed record DetailedProgress(int PercentDone, string? Label, string Detail) : Progress(PercentDone, Label);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Progress))]
    private sealed partial class TestJson : JsonSerializerContext;
}
