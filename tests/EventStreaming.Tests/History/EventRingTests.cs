using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.History;

internal sealed class EventRingTests
{
    [Test]
    public void Events_leave_in_the_order_they_came_however_often_the_ring_turns([Values(1, 2, 15, 16, 17, 40)] int held)
    {
        var ring = new EventRing();
        for (var sequence = 1L; sequence <= 200; sequence++)
        {
            ring.Append(SampleEvents.Create(sequence, size: (int)sequence));
            if (ring.Count > held)
            {
                Assert.That(ring.RemoveFirst().Sequence, Is.EqualTo(sequence - held));
            }

            Assert.That(ring[0].Sequence, Is.EqualTo(Math.Max(1, sequence - held + 1)));
            Assert.That(ring[ring.Count - 1].Sequence, Is.EqualTo(sequence));
        }

        Assert.That(ring.Count, Is.EqualTo(held));
        Assert.That(ring.Bytes, Is.EqualTo(Enumerable.Range(201 - held, held).Sum()));
    }

    [Test]
    public void The_index_behind_a_sequence_is_what_a_plain_search_finds([Values] bool withHoles)
    {
        var ring = new EventRing();
        var sequences = Enumerable.Range(1, 60).Select(i => (long)(withHoles ? (i * i / 3) + i : i + 6)).ToList();
        foreach (var sequence in sequences)
        {
            ring.Append(SampleEvents.Create(sequence));
        }

        // Turned, so that index and place in the array differ.
        for (var i = 0; i < 20; i++)
        {
            ring.RemoveFirst();
            ring.Append(SampleEvents.Create(sequences[^1] + 1));
            sequences.Add(sequences[^1] + 1);
        }

        sequences.RemoveRange(0, 20);
        for (var behind = 0L; behind <= sequences[^1] + 3; behind++)
        {
            Assert.That(ring.IndexAfter(behind), Is.EqualTo(sequences.Count(sequence => sequence <= behind)), $"behind {behind}");
        }
    }

    [Test]
    public void An_empty_ring_has_nothing_behind_any_sequence()
    {
        var ring = new EventRing();
        Assert.That(ring.IndexAfter(0), Is.Zero);
        Assert.That(ring.IndexAfter(7), Is.Zero);
    }

    [Test]
    public void A_ring_that_was_emptied_is_as_new()
    {
        var ring = new EventRing();
        for (var sequence = 1L; sequence <= 100; sequence++)
        {
            ring.Append(SampleEvents.Create(sequence));
        }

        while (ring.Count > 0)
        {
            ring.RemoveFirst();
        }

        Assert.That(ring.Bytes, Is.Zero);
        ring.Append(SampleEvents.Create(101));
        Assert.That((ring.Count, ring[0].Sequence, ring.IndexAfter(100), ring.IndexAfter(101)), Is.EqualTo((1, 101L, 0, 1)));
    }

    [Test]
    public void What_was_removed_is_not_kept_alive()
    {
        var ring = new EventRing();
        var removed = AppendAndRemove(ring);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.That(removed.TryGetTarget(out _), Is.False);
        GC.KeepAlive(ring);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference<StreamEvent> AppendAndRemove(EventRing ring)
    {
        ring.Append(SampleEvents.Create(1));
        ring.Append(SampleEvents.Create(2));
        return new WeakReference<StreamEvent>(ring.RemoveFirst());
    }
}
