using System.Text.Json.Serialization;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Events;

internal sealed partial class PayloadTests
{
    private static readonly EventTypeDescriptor<Step> s_step = new("step", PayloadJson.Default.Step)
    {
        Critical = true,
        SurfaceFromWorkers = true,
        TerminalWhen = static step => step.Percent == 100,
    };

    [Test]
    public async Task A_payload_of_the_catalog_is_read_as_its_type_and_others_stay_raw()
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Stream(Frames.Event(1, data: """{"item":"a","percent":5}"""), Frames.Event(2, "other", """{"item": "b"}"""), Frames.Event(3, "other")), Answers.Status(204));

        var events = await Client().ReadAsync(server.Uri).ToListAsync();

        Assert.That(events[0].Data, Is.EqualTo(new Step("a", 5)));
        Assert.That(events[0].Descriptor, Is.SameAs(s_step));
        Assert.That(events[1].Data, Is.TypeOf<JsonPayload>().With.Property(nameof(JsonPayload.Utf8)).Matches<ReadOnlyMemory<byte>>(
            static utf8 => utf8.Span.SequenceEqual("""{"item": "b"}"""u8)));
        Assert.That(events[2].Data, Is.Null);
    }

    [Test]
    public async Task What_the_catalog_says_of_a_type_holds_here_as_well()
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Stream(Frames.Event(1, data: """{"item":"a","percent":5}"""), Frames.Event(2, data: """{"item":"a","percent":100}"""), Frames.Event(3, "other")), Answers.Status(204));

        var events = await Client().ReadAsync(server.Uri).ToListAsync();

        Assert.That(events.Select(static item => (item.IsCritical, item.IsTerminal, item.IsControl)), Is.EqualTo([(true, false, false), (true, true, false), (false, false, false)]));
    }

    [TestCase("""{"item":"a","percent":"many"}""")]
    [TestCase("[1,2]")]
    [TestCase("\"text\"")]
    public async Task A_payload_that_is_not_of_its_type_stays_raw_is_warned_of_once_and_the_stream_goes_on(string data)
    {
        using var log = new LogRecorder();
        await using var server = await StreamServer.StartAsync(
            Answers.Stream(Frames.Event(1, data: data), Frames.Event(2, data: data), Frames.Event(3, data: """{"item":"a","percent":5}""")), Answers.Status(204));

        var events = await Client(log).ReadAsync(server.Uri).ToListAsync();

        Assert.That(events[0].Data?.ToString(), Is.EqualTo(data));
        Assert.That(events[0].IsCritical, Is.True);
        Assert.That(events[2].Data, Is.EqualTo(new Step("a", 5)));
        Assert.That(log.Of(3100), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_a_type_asks_of_a_payload_may_fail_and_the_stream_goes_on()
    {
        using var log = new LogRecorder();
        var broken = new EventTypeDescriptor<Step>("step", PayloadJson.Default.Step) { TerminalWhen = static step => step.Item.Length > 0 };
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Event(1, data: """{"item":null,"percent":5}"""), Frames.Event(2)), Answers.Status(204));

        var events = await StreamClients.Create(options => options.Catalog = new EventCatalog(broken), log: log).ReadAsync(server.Uri).ToListAsync();

        Assert.That(events.Select(static item => item.Sequence), Is.EqualTo([1, 2]));
        Assert.That(events[0].Data, Is.TypeOf<JsonPayload>());
        Assert.That(log.Of(3100), Has.Count.EqualTo(1));
    }

    private static EventStreamClient Client(LogRecorder? log = null) => StreamClients.Create(static options => options.Catalog = new EventCatalog(s_step), log: log);

    internal sealed record Step(string Item, int Percent);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Step))]
    internal sealed partial class PayloadJson : JsonSerializerContext;
}
