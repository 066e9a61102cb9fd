using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.History;

internal sealed class EventHistoryTests
{
    private readonly List<long> _lost = [];

    [SetUp]
    public void Forget() => _lost.Clear();

    [Test]
    public void It_keeps_the_newest_events_up_to_its_capacity()
    {
        var history = Create(new HistoryOptions { Capacity = 3 });
        AppendNormal(history, 1, 10);
        Assert.That(Held(history), Is.EqualTo([8L, 9L, 10L]));
        Assert.That((history.Count, history.Bytes), Is.EqualTo((3, 600L)));
    }

    [Test]
    public void It_keeps_the_newest_events_up_to_its_bytes()
    {
        var history = Create(new HistoryOptions { MaxBytes = 1_024 });
        history.Append(SampleEvents.Create(1, size: 524));
        history.Append(SampleEvents.Create(2, size: 500));
        Assert.That(Held(history), Is.EqualTo([1L, 2L]), "Exactly full.");
        history.Append(SampleEvents.Create(3, size: 1));
        Assert.That(Held(history), Is.EqualTo([2L, 3L]));
    }

    [Test]
    public void The_newest_event_is_kept_whatever_its_size()
    {
        var history = Create(new HistoryOptions { MaxBytes = 1_024 });
        AppendNormal(history, 1, 3);
        history.Append(SampleEvents.Create(4, size: 5_000));
        Assert.That(Held(history), Is.EqualTo([4L]));
        history.Append(SampleEvents.Create(5));
        Assert.That(Held(history), Is.EqualTo([5L]));
    }

    [Test]
    public void Noise_does_not_push_out_critical_events()
    {
        var history = Create(new HistoryOptions { Capacity = 4, CriticalCapacity = 2 });
        history.Append(SampleEvents.Create(1, critical: true));
        history.Append(SampleEvents.Create(2));
        history.Append(SampleEvents.Create(3, critical: true));
        AppendNormal(history, 4, 1_000);

        Assert.That(Held(history), Is.EqualTo([1L, 3L, 997L, 998L, 999L, 1_000L]));
        Assert.That((history.Count, history.Bytes), Is.EqualTo((6, 1_200L)));
        Assert.That((_lost.Count, history.CriticalLostThrough), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void Critical_events_are_bounded_by_a_count_of_their_own()
    {
        var history = Create(new HistoryOptions { Capacity = 2, CriticalCapacity = 3 });
        AppendCritical(history, 1, 8);
        Assert.That(Held(history), Is.EqualTo([4L, 5L, 6L, 7L, 8L]));
        Assert.That(_lost, Is.EqualTo([1L, 2L, 3L]));
        Assert.That(history.CriticalLostThrough, Is.EqualTo(3));
    }

    [Test]
    public void Critical_events_are_bounded_by_bytes_of_their_own()
    {
        var history = Create(new HistoryOptions { Capacity = 1, CriticalMaxBytes = 400 });
        AppendCritical(history, 1, 3);
        Assert.That(_lost, Is.Empty, "Exactly full.");
        AppendCritical(history, 4, 4);
        Assert.That(Held(history), Is.EqualTo([2L, 3L, 4L]));
        Assert.That(_lost, Is.EqualTo([1L]));
    }

    [Test]
    public void Without_a_budget_of_their_own_critical_events_stay_as_long_as_others()
    {
        var history = Create(new HistoryOptions { Capacity = 2, CriticalCapacity = 0 });
        AppendCritical(history, 1, 1);
        AppendNormal(history, 2, 3);
        Assert.That(Held(history), Is.EqualTo([2L, 3L]));
        Assert.That(_lost, Is.EqualTo([1L]));
    }

    [Test]
    public void Age_evicts_all_kinds_and_tells_of_the_critical_ones()
    {
        var history = Create(new HistoryOptions { Capacity = 2, CriticalCapacity = 2 });
        AppendCritical(history, 1, 3);
        AppendNormal(history, 4, 4);
        history.EvictThrough(1);
        Assert.That(Held(history), Is.EqualTo([2L, 3L, 4L]));
        history.EvictThrough(3);
        Assert.That(Held(history), Is.EqualTo([4L]));
        Assert.That(_lost, Is.EqualTo([1L, 2L, 3L]));
        Assert.That(history.CriticalLostThrough, Is.EqualTo(3));
        history.EvictThrough(99);
        Assert.That((history.Count, history.Bytes, _lost.Count), Is.EqualTo((0, 0L, 3)));
    }

    [Test]
    public void Reading_begins_right_behind_a_sequence_in_either_ring()
    {
        var history = Create(new HistoryOptions { Capacity = 2, CriticalCapacity = 2 });
        AppendCritical(history, 1, 1);
        AppendNormal(history, 2, 2);
        AppendCritical(history, 3, 3);
        AppendNormal(history, 4, 5);
        var all = new[] { 1L, 3L, 4L, 5L };
        for (var behind = 0L; behind <= 6; behind++)
        {
            var expected = all.Where(sequence => sequence > behind).ToList();
            Assert.That(Held(history, behind), Is.EqualTo(expected));
        }
    }

    private static void AppendNormal(EventHistory history, long from, long to)
    {
        for (var sequence = from; sequence <= to; sequence++)
        {
            history.Append(SampleEvents.Create(sequence));
        }
    }

    private static void AppendCritical(EventHistory history, long from, long to)
    {
        for (var sequence = from; sequence <= to; sequence++)
        {
            history.Append(SampleEvents.Create(sequence, critical: true));
        }
    }

    private static List<long> Held(EventHistory history, long behind = 0)
    {
        var sequences = new List<long>();
        var reader = history.ReadAfter(behind);
        while (reader.TryNext(out var item))
        {
            sequences.Add(item.Sequence);
        }

        return sequences;
    }

    private EventHistory Create(HistoryOptions options) => new(options, lost => _lost.Add(lost.Sequence));
}
