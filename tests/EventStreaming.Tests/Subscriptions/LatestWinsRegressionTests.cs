using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

/// <summary>What the model test found wrong with readers of latest-wins state.</summary>
internal sealed class LatestWinsRegressionTests
{
    private static readonly EventCatalog s_catalog = new(
        new EventTypeDescriptor<string>("progress") { LatestWins = true, Key = static text => text[..1] });

    [Test]
    public async Task A_state_delivered_between_two_losses_does_not_lie_inside_one_gap()
    {
        await using var bus = new EventBus(catalog: s_catalog);
        await using var reader = bus.Subscribe(new SubscriptionOptions { Topic = "t", Capacity = 3, CriticalReserve = 1, LatestWins = true });
        bus.Publish("t", "progress", "a40");
        bus.Publish("t", "note");
        bus.Publish("t", "note");
        bus.Publish("t", "progress", "a42");
        bus.Publish("t", "note");

        // A resume behind the progress must not be a resume behind a loss that was not told.
        Assert.That(ReadAll(reader), Is.EqualTo(["note#2", "gap 3..3 of 1", "progress#4", "gap 5..5 of 1"]));
    }

    [Test]
    public async Task Losses_are_one_gap_again_when_the_state_between_them_is_superseded()
    {
        await using var bus = new EventBus(catalog: s_catalog);
        await using var reader = bus.Subscribe(new SubscriptionOptions { Topic = "t", Capacity = 3, CriticalReserve = 1, LatestWins = true });
        bus.Publish("t", "progress", "a40");
        bus.Publish("t", "note");
        for (var percent = 41; percent < 50; percent++)
        {
            bus.Publish("t", "note");
            bus.Publish("t", "progress", $"a{percent}");
        }

        Assert.That(ReadAll(reader), Is.EqualTo(["note#2", "gap 3..19 of 9", "progress#20"]));
    }

    [Test]
    public async Task Waiting_states_count_against_the_capacity()
    {
        await using var bus = new EventBus(catalog: s_catalog);
        await using var reader = bus.Subscribe(new SubscriptionOptions { Topic = "t", Capacity = 3, CriticalReserve = 1, LatestWins = true });
        bus.Publish("t", "progress", "a");
        bus.Publish("t", "progress", "b");
        bus.Publish("t", "note");

        Assert.That(reader.Queued, Is.EqualTo(2));
        Assert.That(reader.Dropped, Is.EqualTo(1));
    }

    [Test]
    public async Task Waiting_states_count_against_the_bytes()
    {
        await using var bus = new EventBus(catalog: s_catalog);
        await using var reader = bus.Subscribe(new SubscriptionOptions { Topic = "t", Capacity = 100, CriticalReserve = 1, MaxBytes = 4_096, LatestWins = true });
        bus.Publish("t", "progress", "a" + new string('.', 1_000));
        bus.Publish("t", "progress", "b" + new string('.', 1_000));
        bus.Publish("t", "progress", "a" + new string('.', 500));
        bus.Publish("t", "progress", "c");
        bus.Publish("t", "progress", "a" + new string('.', 1_900));

        Assert.That(ReadAll(reader), Is.EqualTo(["gap 2..2 of 1", "progress#3", "progress#4", "gap 5..5 of 1"]));
        Assert.That(reader.Dropped, Is.EqualTo(2));
        Assert.That(reader.Superseded, Is.EqualTo(1));
    }

    [Test]
    public async Task A_state_without_room_is_caught_up_on_when_Normal_events_are()
    {
        await using var bus = new EventBus(catalog: s_catalog);
        await using var reader = bus.Subscribe(
            new SubscriptionOptions { Topic = "t", Capacity = 2, CriticalReserve = 1, LatestWins = true, OnNormalOverflow = NormalOverflow.CatchUp });
        bus.Publish("t", "note");
        bus.Publish("t", "progress", "a");

        Assert.That(ReadAll(reader), Is.EqualTo(["note#1", "progress#2"]));
        Assert.That(reader.Dropped, Is.Zero);
    }

    private static List<string> ReadAll(EventSubscription reader)
    {
        var read = new List<string>();
        while (reader.TryRead(out var item))
        {
            read.Add(item.Data is Gap gap ? $"gap {gap.From}..{gap.To} of {gap.Count}" : $"{item.Type}#{item.Sequence}");
        }

        return read;
    }
}
