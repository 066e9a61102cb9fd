using System.Text.Json.Serialization;
using NUnit.Framework;

namespace EventStreaming.Tests.Events;

internal sealed partial class TypedPayloadTests
{
    private static readonly EventTypeDescriptor<Failure> s_failed = new("failed", FailureContext.Default.Failure)
    {
        Critical = true,
        TerminalWhen = static failure => !failure.Recoverable,
    };

    private readonly EventBus _bus = new(catalog: new EventCatalog(s_failed));

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

    internal sealed record Failure(bool Recoverable);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Failure))]
    private sealed partial class FailureContext : JsonSerializerContext;
}
