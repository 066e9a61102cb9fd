using System.Buffers.Binary;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Events;

internal sealed class EventIdTests
{
    [Test]
    public async Task Ids_are_version_7_uuids_that_carry_the_events_time()
    {
        var clock = new ManualTimeProvider();
        await using var bus = new EventBus(timeProvider: clock);
        clock.Advance(TimeSpan.FromMilliseconds(12_345));
        var item = bus.Publish("session-1", SampleTypes.Delta);

        Assert.That((item.Id.Version, item.Id.Variant & 0b1100), Is.EqualTo((7, 0b1000)));
        var bytes = item.Id.ToByteArray(bigEndian: true);
        var milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
        Assert.That(milliseconds, Is.EqualTo(item.Time.ToUnixTimeMilliseconds()));
        Assert.That(new[] { item.Id, item.Id }, Is.Not.Unique, "It is worked out, and always to the same.");
    }

    [Test]
    public async Task Ids_of_a_topic_rise_with_the_sequence_within_a_millisecond_and_across()
    {
        var clock = new ManualTimeProvider();
        await using var bus = new EventBus(timeProvider: clock);
        var ids = new List<string>();
        for (var i = 0; i < 5_000; i++)
        {
            ids.Add(bus.Publish("session-1", SampleTypes.Delta).Id.ToString());
            clock.Advance(TimeSpan.FromTicks(i % 3 * 4_000));
        }

        Assert.That(ids, Is.Ordered.Ascending.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(ids, Is.Unique);
    }

    [Test]
    public async Task Ids_of_topics_and_of_a_topics_lives_differ_at_the_same_sequence_and_time()
    {
        await using var bus = new EventBus(timeProvider: new ManualTimeProvider());
        var ids = new List<Guid>();
        for (var i = 0; i < 100; i++)
        {
            ids.Add(bus.Publish($"session-{i}", SampleTypes.Delta).Id);
            ids.Add(bus.Publish("session", SampleTypes.Delta).Id);
            bus.CloseTopic("session");
        }

        Assert.That(ids, Is.Unique);
    }

    [Test]
    public void The_counter_carries_over_from_the_low_bits_into_the_high_ones()
    {
        var origin = new EventOrigin("session-1", "abc");
        var steps = Enumerable.Range(0, 64).Select(static bit => 1L << Math.Min(bit, 62)).Distinct();
        var ids = steps.Select(sequence => origin.IdOf(sequence, DateTimeOffset.UnixEpoch)).ToList();

        Assert.That(ids.Select(static id => id.ToString()), Is.Ordered.Ascending.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(ids, Has.All.Matches<Guid>(static id => id.Version == 7 && (id.Variant & 0b1100) == 0b1000));
    }

    [Test]
    public async Task An_id_given_by_the_publisher_is_kept()
    {
        await using var bus = new EventBus();
        var id = Guid.NewGuid();
        Assert.That(bus.Publish("session-1", new EventDraft(SampleTypes.Delta) { Id = id }).Id, Is.EqualTo(id));
    }
}
