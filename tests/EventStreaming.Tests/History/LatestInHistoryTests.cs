using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.History;

/// <summary>What a history knows of the newest event of each key, and of each run.</summary>
internal sealed class LatestInHistoryTests
{
    [Test]
    public void Only_the_newest_of_a_key_is_the_newest()
    {
        var history = Create();
        var (a1, b2, a3) = (State(1, "a"), State(2, "b"), State(3, "a"));
        Append(history, a1, b2, a3);

        Assert.That(new[] { a1, b2, a3 }.Select(history.IsNewest), Is.EqualTo([false, true, true]));
    }

    [Test]
    public void The_newest_that_has_been_pushed_out_is_forgotten()
    {
        var history = Create(capacity: 2);
        var (a1, b2, a3) = (State(1, "a"), State(2, "b"), State(3, "a"));
        Append(history, a1, b2, a3, SampleEvents.Create(4));

        Assert.That(new[] { a1, b2, a3 }.Select(history.IsNewest), Is.EqualTo([false, false, true]), "An older one of its key went before it.");
    }

    [Test]
    public void The_newest_that_has_become_too_old_is_forgotten()
    {
        var history = Create();
        var (a1, b2) = (State(1, "a"), State(2, "b"));
        Append(history, a1, b2);
        history.EvictThrough(1);

        Assert.That(new[] { a1, b2 }.Select(history.IsNewest), Is.EqualTo([false, true]));
    }

    [Test]
    public void The_last_event_of_a_run_is_found_wherever_it_is_kept()
    {
        var history = Create(capacity: 2);
        Append(
            history,
            SampleEvents.Create(1, EventTraits.Critical, "old"),
            SampleEvents.Create(2, EventTraits.Critical, "old"),
            SampleEvents.Create(3, EventTraits.None, "gone"),
            SampleEvents.Create(4, EventTraits.None, "new"),
            SampleEvents.Create(5, EventTraits.None, "new"));

        Assert.That(history.FindLast(Watching("old"))?.Sequence, Is.EqualTo(2));
        Assert.That(history.FindLast(Watching("new"))?.Sequence, Is.EqualTo(5));
        Assert.That(history.FindLast(Watching("gone")), Is.Null);
    }

    private static EventFilter Watching(string runId) => new(new SubscriptionOptions { RunId = runId }, EventCatalog.Empty);

    private static StreamEvent State(long sequence, string runId) => SampleEvents.Create(sequence, EventTraits.LatestWins, runId);

    private static void Append(EventHistory history, params StreamEvent[] items)
    {
        foreach (var item in items)
        {
            history.Append(item);
        }
    }

    private static EventHistory Create(int capacity = 100) =>
        new(new HistoryOptions { Capacity = capacity }, static _ => { });
}
