using ConsoleHost.Views;
using EventStreaming;
using NUnit.Framework;

namespace ConsoleHost.Tests.Views;

internal sealed class WatchTests
{
    private static readonly EventCatalog Catalog = new(
        new EventTypeDescriptor("fact") { Critical = true }, new EventTypeDescriptor("end") { Critical = true, Terminal = true });

    [Test]
    public async Task It_reads_on_from_its_cursor_when_it_was_too_slow_for_what_history_holds()
    {
        var limits = new EventStreamingOptions { History = { Capacity = 8, CriticalCapacity = 0 } };
        await using var bus = new EventBus(limits, Catalog);
        var watch = new Watch(bus, new SubscriptionOptions { Topic = "session-1", From = EventCursor.Start, Capacity = 2, CriticalReserve = 1 });
        for (var i = 0; i < 100; i++)
        {
            bus.Publish("session-1", "fact");
        }

        bus.Publish("session-1", "end");
        Assert.That(watch.Current.EndReason, Is.EqualTo(EndReason.SlowConsumer));

        var seen = new List<StreamEvent>();
        await watch.ReadAsync(seen.Add).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(watch.Current.EndReason, Is.EqualTo(EndReason.Completed));
        Assert.That(seen[^1].Type, Is.EqualTo("end"));
        Assert.That(seen.Select(item => item.Sequence), Is.Ordered.And.Unique);
        var lost = seen.Select(item => item.Data).OfType<Gap>().Sum(gap => gap.Count);
        Assert.That(lost, Is.Positive.And.EqualTo(watch.Dropped));
        Assert.That(watch.Delivered + watch.Dropped, Is.EqualTo(101));
    }
}
