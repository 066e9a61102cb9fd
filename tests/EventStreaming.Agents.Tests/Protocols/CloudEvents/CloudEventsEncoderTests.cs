using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using EventStreaming.Agents.Protocols.CloudEvents;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Protocols.CloudEvents;

internal sealed class CloudEventsEncoderTests
{
    [Test]
    public async Task An_event_has_every_attribute_under_a_name_that_is_allowed()
    {
        await using var bus = new EventBus(catalog: AgentEvents.Catalog);
        var published = bus.Publish("session-1", new EventDraft("status", new Status("Reading")) { Source = "worker:1", RunId = "r1", CorrelationId = "c1", ParentId = "p1" });

        var time = JsonSerializer.Serialize(published.Time.UtcDateTime);
        Assert.That(Encode(published).GetRawText(), Is.EqualTo(
            $$"""{"specversion":"1.0","id":"{{published.Id}}","source":"worker:1","type":"status","subject":"session-1","time":{{time}},"sequence":"00000000000000000001","cursor":"{{published.Cursor}}","""
            + """
            "runid":"r1","correlationid":"c1","parentid":"p1","datacontenttype":"application/json","data":{"message":"Reading"}}
            """));
    }

    [Test]
    public async Task What_is_not_there_is_left_out([Values("none", "null", "json")] string data)
    {
        await using var bus = new EventBus();
        var published = bus.Publish("t", "app.own", data switch
        {
            "null" => JsonPayload.Parse(" null "u8.ToArray()),
            "json" => JsonDocument.Parse("null").RootElement,
            _ => null,
        });

        Assert.That(Encode(published).EnumerateObject().Select(static attribute => attribute.Name), Is.EqualTo(["specversion", "id", "source", "type", "subject", "time", "sequence", "cursor"]));
        Assert.That(Encode(published).GetProperty("source").GetString(), Is.EqualTo(CloudEventsEncoder.NoSource));
    }

    [Test]
    public async Task Sequences_sort_as_text()
    {
        await using var bus = new EventBus();
        var sequences = Enumerable.Range(0, 12).Select(_ => Encode(bus.Publish("t", "app.own")).GetProperty("sequence").GetString()).ToList();

        Assert.That(sequences, Is.EqualTo(sequences.Order(StringComparer.Ordinal)));
    }

    [TestCase("queen", "queen")]
    [TestCase("worker:7f", "worker:7f")]
    [TestCase("urn:agent:1", "urn:agent:1")]
    [TestCase("https://user@host:80/a?b=c#d", "https://user@host:80/a?b=c#d")]
    [TestCase("/agents/a%20b", "/agents/a%20b")]
    [TestCase("the queen", "the%20queen")]
    [TestCase("7f:worker", "7f%3Aworker")]
    [TestCase("a#b#c", "a%23b%23c")]
    [TestCase("100%", "100%25")]
    [TestCase("http://host:port/", "http%3A%2F%2Fhost%3Aport%2F")]
    [TestCase("http://[::1", "http%3A%2F%2F%5B%3A%3A1")]
    [TestCase("k\u00f6nigin", "k%C3%B6nigin")]
    public void A_source_is_a_uri_reference(string source, string expected) => Assert.That(CloudEventText.ToUriReference(source), Is.EqualTo(expected));

    [TestCase("plain \u00e4 \U0001F600", "plain \u00e4 \U0001F600")]
    [TestCase("a\u0001b\u009fc", "a\ufffdb\ufffdc")]
    [TestCase("a\uffff\ufdd0b", "a\ufffd\ufffdb")]
    public void A_text_has_no_characters_that_are_not_allowed(string text, string expected) => Assert.That(CloudEventText.ToAttribute(text), Is.EqualTo(expected));

    [Test]
    public void Half_a_character_is_replaced()
    {
        Assert.That(CloudEventText.ToAttribute("a\ud800b"), Is.EqualTo("a\ufffdb"));
        Assert.That(CloudEventText.ToUriReference("\ud800"), Is.EqualTo("%EF%BF%BD"));
    }

    [Test]
    public async Task The_streams_own_events_are_cloud_events_with_ids_of_their_own()
    {
        await using var bus = new EventBus();
        var last = bus.Publish("t", "app.own");
        var ids = new HashSet<string?>(StringComparer.Ordinal) { last.Id.ToString() };
        var channel = Channel.CreateUnbounded<StreamEvent>();
        var pump = EventPump.RunAsync(bus.Subscribe(new SubscriptionOptions { Topic = "t", From = EventCursor.Start }), new ChannelSink(channel.Writer));
        bus.CloseTopic("t");
        await pump;
        var seen = new List<string?>();
        while (channel.Reader.TryRead(out var item))
        {
            var json = Encode(item);
            seen.Add(json.GetProperty("type").GetString());
            ids.Add(json.GetProperty("id").GetString());
        }

        Assert.That(seen, Is.EqualTo(["stream.open", "app.own", "stream.end"]));
        Assert.That(ids, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task An_event_that_cannot_be_written_is_a_gap()
    {
        await using var bus = new EventBus();
        var published = bus.Publish("t", "app.own", double.NaN);

        Assert.That(Encode(published).GetProperty("type").GetString(), Is.EqualTo("stream.gap"));
    }

    private static JsonElement Encode(StreamEvent item)
    {
        var json = CloudEventsEncoder.Default.GetBytes(item);
        Assert.That(json.Span.ContainsAny((byte)'\r', (byte)'\n'), Is.False);
        return JsonDocument.Parse(Encoding.UTF8.GetString(json.Span)).RootElement;
    }
}
