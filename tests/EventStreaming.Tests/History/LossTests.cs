using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.History;

/// <summary>What is lost, in a log whose sequences have holes where nothing ever was.</summary>
internal sealed class LossTests
{
    [Test]
    public void A_hole_is_no_loss_while_nothing_was_evicted()
    {
        var history = Append(new EventHistory(new HistoryOptions(), static _ => { }), 3, 7, 20);
        Assert.That(history.FindLoss(0, 100, onlyCritical: false), Is.Null);
        Assert.That(history.HasLost(0, onlyCritical: false), Is.False);
    }

    [Test]
    public void What_was_evicted_is_counted_and_the_holes_around_it_are_not()
    {
        var history = Append(new EventHistory(new HistoryOptions { Capacity = 1 }, static _ => { }), 3, 7, 20);
        Assert.That(history.FindLoss(0, 19, onlyCritical: false), Is.EqualTo(new Gap(3, 7, 2, GapReason.Evicted)));
        Assert.That(history.FindLoss(7, 19, onlyCritical: false), Is.Null);
        Assert.That((history.HasLost(6, onlyCritical: false), history.HasLost(7, onlyCritical: false)), Is.EqualTo((true, false)));
    }

    [Test]
    public void Of_a_range_only_what_is_asked_for_is_reported_and_never_more_than_it_has_room_for()
    {
        var history = Append(new EventHistory(new HistoryOptions { Capacity = 1 }, static _ => { }), 3, 7, 8, 20);
        Assert.That(history.FindLoss(7, 19, onlyCritical: false), Is.EqualTo(new Gap(8, 8, 1, GapReason.Evicted)));
        Assert.That(history.FindLoss(4, 7, onlyCritical: false), Is.EqualTo(new Gap(5, 7, 3, GapReason.Evicted)), "At most three: which, it does not know.");
    }

    [Test]
    public void A_critical_event_that_is_held_parts_what_was_evicted_before_it_from_what_was_after()
    {
        var history = new EventHistory(new HistoryOptions { Capacity = 1, CriticalCapacity = 2 }, static _ => { });
        Append(history, 10, 20);
        history.Append(SampleEvents.Create(30, critical: true));
        history.Append(SampleEvents.Create(40, critical: true));
        Append(history, 50, 60);
        Assert.That(history.FindLoss(0, 29, onlyCritical: false), Is.EqualTo(new Gap(10, 20, 2, GapReason.Evicted)));
        Assert.That(history.FindLoss(30, 39, onlyCritical: false), Is.Null, "A hole.");
        Assert.That(history.FindLoss(40, 59, onlyCritical: false), Is.EqualTo(new Gap(50, 50, 1, GapReason.Evicted)));
        Assert.That(history.FindLoss(0, 29, onlyCritical: true), Is.Null, "Only Normal ones.");
        Assert.That(history.HasLost(0, onlyCritical: true), Is.False);
    }

    [Test]
    public void When_a_critical_event_goes_too_what_was_lost_on_either_side_is_one_range()
    {
        var history = new EventHistory(new HistoryOptions { Capacity = 1, CriticalCapacity = 1 }, static _ => { });
        Append(history, 10);
        history.Append(SampleEvents.Create(20, critical: true));
        Append(history, 30);
        history.Append(SampleEvents.Create(40, critical: true));
        Append(history, 50, 60);
        Assert.That(history.FindLoss(0, 39, onlyCritical: false), Is.EqualTo(new Gap(10, 30, 3, GapReason.Evicted)));
        Assert.That(history.FindLoss(40, 59, onlyCritical: false), Is.EqualTo(new Gap(50, 50, 1, GapReason.Evicted)));
        Assert.That(history.FindLoss(0, 39, onlyCritical: true), Is.EqualTo(new Gap(10, 30, 3, GapReason.Evicted)));
        Assert.That(history.FindLoss(20, 39, onlyCritical: true), Is.Null);
    }

    [Test]
    public void The_first_event_ever_lost_may_be_a_critical_one_with_nothing_lost_before_it()
    {
        var history = new EventHistory(new HistoryOptions { Capacity = 1, CriticalCapacity = 1 }, static _ => { });
        history.Append(SampleEvents.Create(10, critical: true));
        Append(history, 20);
        history.Append(SampleEvents.Create(30, critical: true));
        history.Append(SampleEvents.Create(40, critical: true));
        Append(history, 50, 60);
        Assert.That(history.FindLoss(0, 39, onlyCritical: false), Is.EqualTo(new Gap(10, 30, 3, GapReason.Evicted)));
        Assert.That(history.FindLoss(40, 59, onlyCritical: false), Is.EqualTo(new Gap(50, 50, 1, GapReason.Evicted)));
    }

    [Test]
    public void What_age_takes_is_lost_like_anything_else()
    {
        var history = new EventHistory(new HistoryOptions { Capacity = 2, CriticalCapacity = 2 }, static _ => { });
        history.Append(SampleEvents.Create(10, critical: true));
        Append(history, 20, 30, 40);
        history.EvictThrough(30);
        Assert.That(history.FindLoss(0, 39, onlyCritical: false), Is.EqualTo(new Gap(10, 30, 3, GapReason.Evicted)));
        Assert.That(history.FindLoss(10, 39, onlyCritical: true), Is.Null);
    }

    [Test]
    public void A_log_that_was_taken_up_in_its_middle_has_lost_all_before()
    {
        var history = Append(new EventHistory(new HistoryOptions { Capacity = 1 }, static _ => { }, behind: 100), 105);
        Assert.That(history.FindLoss(0, 104, onlyCritical: true), Is.EqualTo(new Gap(1, 100, 100, GapReason.Evicted)));
        Assert.That(history.FindLoss(40, 104, onlyCritical: false), Is.EqualTo(new Gap(41, 100, 60, GapReason.Evicted)));
        Assert.That(history.FindLoss(100, 104, onlyCritical: false), Is.Null);
        Append(history, 110);
        Assert.That(history.FindLoss(90, 109, onlyCritical: false), Is.EqualTo(new Gap(91, 105, 15, GapReason.Evicted)));
    }

    [Test]
    public void What_was_reported_as_lost_is_found_in_its_place_and_with_what_was_evicted_there()
    {
        var history = new EventHistory(new HistoryOptions { Capacity = 2 }, static _ => { });
        Append(history, 1, 2);
        history.Lose(new ReportedLoss(new LostRange(3, 9, 4), GapReason.Overflow, MayBeCritical: false));
        Assert.That(history.FindLoss(2, 9, onlyCritical: false), Is.EqualTo(new Gap(3, 9, 4, GapReason.Overflow)));
        Assert.That(history.FindLoss(2, 9, onlyCritical: true), Is.Null);
        Assert.That((history.HasLost(8, onlyCritical: false), history.HasLost(9, onlyCritical: false), history.HasLost(8, onlyCritical: true)), Is.EqualTo((true, false, false)));

        Append(history, 10, 11, 12);
        Assert.That(history.FindLoss(0, 10, onlyCritical: false), Is.EqualTo(new Gap(1, 10, 7, GapReason.Evicted)), "1, 2 and 10, and the four.");
        Assert.That(history.FindLoss(5, 10, onlyCritical: false), Is.EqualTo(new Gap(6, 10, 5, GapReason.Evicted)), "Never more than there is room for.");
    }

    [Test]
    public void However_much_is_reported_as_lost_none_of_it_is_forgotten_and_the_newest_is_exact()
    {
        var history = new EventHistory(new HistoryOptions(), static _ => { });
        const int Count = 10 * ReportedLosses.MaxCount;
        for (var i = 1; i <= Count; i++)
        {
            history.Lose(new ReportedLoss(new LostRange(10 * i, (10 * i) + 1, 2), GapReason.Unencodable, MayBeCritical: i == 5));
            Append(history, (10 * i) + 2);
        }

        for (var i = 1; i <= Count; i++)
        {
            var gap = history.FindLoss((10 * (i - 1)) + 2, (10 * i) + 1, onlyCritical: false);
            var isExact = i > Count - (ReportedLosses.MaxCount - 1);
            Assert.That(gap, Is.EqualTo(isExact ? new Gap(10 * i, (10 * i) + 1, 2, GapReason.Unencodable) : gap));
            Assert.That((gap!.From, gap.To), Is.EqualTo((isExact || i == 1 ? 10 * i : (10 * (i - 1)) + 3, (10 * i) + 1)));
            Assert.That(gap.Count, Is.GreaterThanOrEqualTo(2));
        }

        Assert.That(history.HasLost(12, onlyCritical: true), Is.True, "That a critical one may be among those that were joined is not forgotten.");
        Assert.That(history.HasLost(10 * (Count - 1), onlyCritical: true), Is.False);
    }

    /// <summary>Against a plain list of all there ever was.</summary>
    [Test]
    public void Whatever_is_appended_and_evicted_each_loss_is_found_where_it_was([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        var history = new EventHistory(
            new HistoryOptions { Capacity = random.Next(1, 6), CriticalCapacity = random.Next(0, 6), CriticalMaxBytes = 200 * random.Next(1, 6) }, static _ => { });
        var all = new List<long>();
        for (var step = 0; step < 400; step++)
        {
            if (random.Next(40) == 0 && all.Count > 0)
            {
                history.EvictThrough(all[^1] - random.Next(6));
            }

            all.Add((all.Count == 0 ? 0 : all[^1]) + (random.Next(3) == 0 ? random.Next(1, 5) : 1));
            history.Append(SampleEvents.Create(all[^1], critical: random.Next(3) == 0));
            Compare(history, all);
        }
    }

    private static void Compare(EventHistory history, List<long> all)
    {
        var held = new HashSet<long>();
        var reader = history.ReadAfter(0);
        while (reader.TryNext(out var item))
        {
            held.Add(item.Sequence);
        }

        var after = 0L;
        foreach (var next in held.Append(all[^1] + 1).Order())
        {
            var lost = all.Where(sequence => sequence > after && sequence < next).ToList();
            Assert.That(
                history.FindLoss(after, next - 1, onlyCritical: false),
                Is.EqualTo(lost.Count == 0 ? null : new Gap(lost[0], lost[^1], lost.Count, GapReason.Evicted)));
            after = next;
        }

        Assert.That(history.HasLost(all[0], onlyCritical: false), Is.EqualTo(all.Skip(1).Any(sequence => !held.Contains(sequence))));
    }

    private static EventHistory Append(EventHistory history, params long[] sequences)
    {
        foreach (var sequence in sequences)
        {
            history.Append(SampleEvents.Create(sequence));
        }

        return history;
    }
}
