using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

/// <summary>Admission by count and bytes: 9 Normal events, 900 bytes of them, and a reserve of 1 and 100.</summary>
internal sealed class SubscriptionQueueTests
{
    private SubscriptionQueue _queue = null!; // Set before each test.

    [SetUp]
    public void Create() => _queue = new SubscriptionQueue(new SubscriptionOptions { Topic = "t", Capacity = 10, CriticalReserve = 1, MaxBytes = 1_000 });

    [Test]
    public void Normal_events_are_admitted_up_to_the_reserve()
    {
        Assert.That(_queue.Limit, Is.EqualTo(9));
        Assert.That(Enumerable.Range(1, 10).Count(sequence => _queue.TryEnqueue(SampleEvents.Create(sequence, size: 1))), Is.EqualTo(9));
        Assert.That(_queue.TryEnqueue(SampleEvents.Create(10, critical: true, size: 1)), Is.True);
        Assert.That(_queue.TryEnqueue(SampleEvents.Create(11, critical: true, size: 1)), Is.False);
    }

    [Test]
    public void The_last_byte_is_used_at_once_and_after_room_was_given_back()
    {
        Assert.That(_queue.TryEnqueue(SampleEvents.Create(1, size: 500)), Is.True);
        Assert.That(_queue.TryEnqueue(SampleEvents.Create(2, size: 401)), Is.False);
        Assert.That(_queue.TryEnqueue(SampleEvents.Create(2, size: 400)), Is.True);
        Read();
        Assert.That(_queue.TryEnqueue(SampleEvents.Create(3, size: 501)), Is.False);
        Assert.That(_queue.TryEnqueue(SampleEvents.Create(3, size: 500)), Is.True);
    }

    [Test]
    public void An_empty_queue_admits_an_event_of_any_size()
    {
        Assert.That(_queue.TryEnqueue(SampleEvents.Create(1, size: 5_000)), Is.True);
        Assert.That(_queue.TryEnqueue(SampleEvents.Create(2, size: 1)), Is.False);
        Read();
        Assert.That(_queue.TryEnqueue(SampleEvents.Create(3, size: 5_000)), Is.True);
    }

    [Test]
    public void What_takes_the_place_of_another_needs_room_only_for_what_it_is_larger()
    {
        var (older, newer) = (SampleEvents.Create(2, size: 400), SampleEvents.Create(3, size: 500));
        _queue.TryEnqueue(SampleEvents.Create(1, size: 400));
        Assert.That(_queue.TryReserve(older), Is.True);

        Assert.That(_queue.TryExchange(older, SampleEvents.Create(3, size: 501)), Is.False);
        Assert.That(_queue.TryExchange(older, newer), Is.True, "To the last byte.");
        Assert.That(_queue.TryEnqueue(SampleEvents.Create(4, size: 1)), Is.False, "It is full now.");
        Assert.That(_queue.TryExchange(newer, older), Is.True, "A smaller one always fits.");
        Assert.That(_queue.TryEnqueue(SampleEvents.Create(4, size: 100)), Is.True, "And leaves room.");
        Assert.That((_queue.Count, _queue.Enqueued), Is.EqualTo((3L, 2L)));
    }

    [Test]
    public void What_is_alone_may_be_exchanged_for_one_of_any_size()
    {
        var older = SampleEvents.Create(1, size: 100);
        _queue.TryReserve(older);
        Assert.That(_queue.TryExchange(older, SampleEvents.Create(2, size: 5_000)), Is.True);
    }

    [Test]
    public void An_exchange_sees_the_room_that_was_given_back()
    {
        var older = SampleEvents.Create(2, size: 200);
        _queue.TryEnqueue(SampleEvents.Create(1, size: 500));
        _queue.TryReserve(older);
        _queue.TryEnqueue(SampleEvents.Create(3, size: 200));
        Read();
        Assert.That(_queue.TryExchange(older, SampleEvents.Create(4, size: 700)), Is.True);
    }

    [Test]
    public void A_complete_queue_takes_nothing_and_counts_nothing()
    {
        _queue.TryEnqueue(SampleEvents.Create(1, size: 100));
        _queue.Complete();
        Assert.That(_queue.TryEnqueue(SampleEvents.Create(2, size: 100)), Is.False);
        Assert.That(_queue.Signal(ControlEvents.Wake), Is.False);
        Assert.That((_queue.Count, _queue.HasRoomFor(SampleEvents.Create(3, size: 800)), _queue.HasRoomFor(SampleEvents.Create(3, size: 801))), Is.EqualTo((1L, true, false)));
    }

    private void Read()
    {
        Assert.That(_queue.TryRead(out var item), Is.True);
        _queue.GiveBack(1, item!.Size);
    }
}
