using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Events;

internal sealed class EventCatalogTests
{
    [Test]
    public void A_type_declared_twice_is_refused_by_its_name() =>
        Assert.That(
            () => new EventCatalog(new EventTypeDescriptor("status"), new EventTypeDescriptor("status") { Critical = true }),
            Throws.ArgumentException.With.Message.Contains("'status' is declared twice").And.Message.Contains("once"));

    [Test]
    public void A_critical_type_may_not_be_skipped_for_a_newer_one() =>
        Assert.That(
            () => new EventCatalog(new EventTypeDescriptor("state") { Critical = true, LatestWins = true }),
            Throws.ArgumentException.With.Message.Contains("'state'").And.Message.Contains("Choose one"));

    [Test]
    public void Catalogs_combine_and_a_descriptor_shared_by_two_counts_once()
    {
        var shared = new EventTypeDescriptor("shared");
        var combined = EventCatalog.Combine(
            new EventCatalog(shared, new EventTypeDescriptor("left")), new EventCatalog(shared, new EventTypeDescriptor("right")));

        Assert.That(combined.Types.Select(static type => type.Name), Is.EquivalentTo(["shared", "left", "right"]));
    }

    [Test]
    public void Catalogs_that_declare_a_name_differently_do_not_combine() =>
        Assert.That(
            () => EventCatalog.Combine(new EventCatalog(new EventTypeDescriptor("status")), new EventCatalog(new EventTypeDescriptor("status"))),
            Throws.ArgumentException.With.Message.Contains("'status'"));

    [Test]
    public void Names_are_found_exactly_as_written()
    {
        Assert.That(SampleTypes.Catalog.TryGet(SampleTypes.Asked, out var type), Is.True);
        Assert.That(type!.Critical, Is.True);
        Assert.That(SampleTypes.Catalog.TryGet(SampleTypes.Asked.ToUpperInvariant(), out _), Is.False);
        Assert.That(SampleTypes.Catalog.TryGet(SampleTypes.Delta, out _), Is.False);
        Assert.That(EventCatalog.Empty.Types, Is.Empty);
    }

    [Test]
    public async Task A_type_that_is_not_declared_is_normal_and_replayed_on_connect()
    {
        await using var bus = SampleTypes.CreateBus();
        var item = bus.Publish("session-1", SampleTypes.Delta);
        await using var late = bus.Subscribe("session-1");

        Assert.That((item.IsCritical, item.IsTerminal), Is.EqualTo((false, false)));
        Assert.That(late.ReadOne(), Is.SameAs(item));
    }

    [Test]
    public async Task Types_whose_names_look_alike_keep_their_own_traits()
    {
        // The same length, first and last letter: a cheap hash puts them into one place.
        await using var bus = new EventBus(catalog: new EventCatalog(new EventTypeDescriptor("run.aa.x") { Critical = true }));
        for (var i = 0; i < 4; i++)
        {
            Assert.That(bus.Publish("session-1", "run.aa.x").IsCritical, Is.True);
            Assert.That(bus.Publish("session-1", "run.bb.x").IsCritical, Is.False);
            Assert.That(bus.Publish("session-1", "run.bb.x").Type, Is.EqualTo("run.bb.x"));
        }
    }

    [Test]
    public async Task Any_number_of_undeclared_names_may_be_published()
    {
        await using var bus = new EventBus();
        for (var i = 0; i < 3_000; i++)
        {
            Assert.That(bus.Publish("session-1", $"type.{i}").Type, Is.EqualTo($"type.{i}"));
        }
    }
}
