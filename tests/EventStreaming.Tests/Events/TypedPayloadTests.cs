using System.Text.Json.Serialization;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Events;

internal sealed partial class TypedPayloadTests
{
    private static readonly EventTypeDescriptor<Failure> s_failed = new("failed", FailureContext.Default.Failure)
    {
        Critical = true,
        TerminalWhen = static failure => !failure.Recoverable,
    };

    private static readonly EventTypeDescriptor<Part> s_moved = new("moved", FailureContext.Default.Part) { LatestWins = true, Key = static part => part.Name };

    private readonly EventBus _bus = new(catalog: new EventCatalog(s_failed, s_moved));

    [OneTimeTearDown]
    public ValueTask Dispose() => _bus.DisposeAsync();

    [Test]
    public void A_draft_of_a_type_carries_its_name_its_payload_and_what_is_added()
    {
        var published = _bus.Publish("drafts", s_failed.Draft(new Failure(true)) with { Source = "queen", RunId = "run-1" });

        Assert.That((published.Type, published.Data, published.Source, published.RunId), Is.EqualTo(("failed", new Failure(true), "queen", "run-1")));
    }

    [Test]
    public void Raw_json_is_terminal_exactly_when_the_same_object_is([Values] bool recoverable)
    {
        var json = JsonPayload.Parse(recoverable ? "{\"recoverable\":true}"u8.ToArray() : "{\"recoverable\":false}"u8.ToArray());

        Assert.That(_bus.Publish("json", "failed", json).IsTerminal, Is.EqualTo(_bus.Publish("objects", "failed", new Failure(recoverable)).IsTerminal));
        Assert.That(_bus.Publish("json", "failed", json).IsTerminal, Is.EqualTo(!recoverable));
    }

    [Test]
    public void Raw_json_of_another_shape_is_refused_by_a_type_that_must_look_into_it()
    {
        var json = JsonPayload.Parse("[1]"u8.ToArray());

        Assert.That(
            () => _bus.Publish("json", "failed", json),
            Throws.ArgumentException.With.Message.Contains("'failed'").And.Message.Contains(typeof(Failure).ToString()));
    }

    [Test]
    public async Task Raw_json_of_another_shape_takes_no_place_of_what_has_a_key()
    {
        foreach (var json in new[] { """{"name":"a"}""", "null", """{"name":"b"}""", "[1]", """{"name":"a"}""" })
        {
            _bus.Publish("keys", "moved", JsonPayload.Parse(System.Text.Encoding.UTF8.GetBytes(json)));
        }

        await using var reader = _bus.Subscribe("keys");
        Assert.That(reader.ReadAvailable().Select(static item => item.Sequence), Is.EqualTo([3, 4, 5]));
    }

    internal sealed record Part(string Name);

    internal sealed record Failure(bool Recoverable);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Failure))]
    [JsonSerializable(typeof(Part))]
    private sealed partial class FailureContext : JsonSerializerContext;
}
