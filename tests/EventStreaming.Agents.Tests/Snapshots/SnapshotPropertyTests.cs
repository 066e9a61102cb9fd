using EventStreaming.Agents.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Snapshots;

internal sealed class SnapshotPropertyTests
{
#pragma warning disable NUnit1027 // FsCheck gives the argument.
    /// <summary>Each number is an event: few runs, messages, calls and questions, so that they meet.</summary>
    [FsCheck.NUnit.Property(MaxTest = 400, QuietOnSuccess = true)]
    public Task Whatever_is_published_in_whatever_order_the_snapshot_is_what_a_plain_fold_makes_of_it(uint[] numbers, bool asJson) =>
        CheckAsync(numbers, asJson);
#pragma warning restore NUnit1027

    private static async Task CheckAsync(uint[] numbers, bool asJson)
    {
        await using var test = new SnapshotBus();
        var reference = new ReferenceFold(EventCursor.Start);
        foreach (var number in numbers)
        {
            var draft = RandomEvents.Create(number);
            var item = test.Bus.Publish(SnapshotBus.Topic, asJson ? RandomEvents.ToJson(draft) : draft);
            reference.Apply(item, draft.Data!);
        }

        if (numbers.Length > 0)
        {
            var snapshot = await test.CurrentAsync();
            Assert.That(ReferenceFold.ToText(snapshot), Is.EqualTo(reference.ToString()));
        }
    }
}
