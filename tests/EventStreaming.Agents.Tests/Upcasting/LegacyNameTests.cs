using EventStreaming.Agents.Tests.Mapping;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Upcasting;

/// <summary>Every legacy name becomes a canonical event, and none is forgotten.</summary>
internal sealed class LegacyNameTests
{
    [TestCaseSource(nameof(Cases))]
    public void A_legacy_name_becomes_a_canonical_event(LegacyName row)
    {
        string[] lines = row.Before is null ? [$"{row.Name} {row.Json}"] : [row.Before, $"{row.Name} {row.Json}"];
        var drafts = Upcasts.DraftsOf(lines);

        Assert.That(Mapped.Text(drafts), Has.Some.EqualTo(row.Expected));
        Assert.That(drafts.Select(static draft => draft.Type), Has.All.Matches<string>(static type => AgentEvents.Catalog.TryGet(type, out _)));
        Assert.That(drafts, Has.All.Property(nameof(EventDraft.Source)).EqualTo(row.Source));
        if (row.RunId is not null)
        {
            Assert.That(drafts, Has.All.Property(nameof(EventDraft.RunId)).EqualTo(row.RunId));
        }
    }

    [Test]
    public void Every_name_has_a_row_and_no_row_is_of_a_name_that_nobody_sent() =>
        Assert.That(
            LegacyNames.Rows.Select(static row => row.Name).Distinct(StringComparer.Ordinal),
            Is.EquivalentTo(LegacyNames.OfSteps.Concat(LegacyNames.OfSessions).Concat(LegacyNames.OfPrompts)));

    [Test]
    public void What_is_no_legacy_name_is_left_to_others() =>
        Assert.That(
            AgentEvents.Catalog.Types.Select(static type => type.Name).Except(["error", "progress"], StringComparer.Ordinal)
                .Where(static type => EventUpcaster.ForLegacyNames().TryUpcast(new LegacyEvent(type, System.Text.Json.JsonElement.Parse("{}")), [])),
            Is.Empty);

    private static IEnumerable<TestCaseData> Cases() =>
        LegacyNames.Rows.Select(static (row, index) => new TestCaseData(row).SetName($"Row {index + 1:00}, {row.Name}, becomes {row.Expected[..row.Expected.IndexOf(' ', StringComparison.Ordinal)]}"));
}
