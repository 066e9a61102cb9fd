using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class LaggingTests : BusFixture
{
    [Test]
    public void A_reader_too_slow_for_critical_events_gets_them_from_history_and_is_live_again()
    {
        var reader = Subscribe();
        Bus.PublishMany(Topic, SampleTypes.Asked, 5);
        Assert.That((reader.IsLagging, reader.Queued), Is.EqualTo((true, 2L)));
        Bus.PublishMany(Topic, SampleTypes.Delta, 3);
        Assert.That((reader.Queued, reader.Dropped), Is.EqualTo((2L, 0L)), "Nothing is offered meanwhile.");

        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "2", "3", "4", "5", "6", "7", "8"]));
        Assert.That(reader.IsLagging, Is.False);
        Bus.PublishMany(Topic, SampleTypes.Asked, 2);
        Assert.That(reader.Queued, Is.EqualTo(2), "Live again.");
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([9L, 10L]));
    }

    [Test]
    public void A_gap_open_when_it_fell_behind_is_told_in_its_place()
    {
        var reader = Subscribe();
        Bus.PublishMany(Topic, SampleTypes.Delta, 3);
        Bus.PublishMany(Topic, SampleTypes.Asked, 3);
        Assert.That(reader.IsLagging, Is.True);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "gap 2-3 (2 Overflow)", "4", "5", "6"]));
    }

    [Test]
    public void A_long_way_back_is_read_in_steps_while_more_is_published()
    {
        var reader = Subscribe();
        Bus.PublishMany(Topic, SampleTypes.Asked, 1_600);
        var read = new List<StreamEvent>();
        for (var i = 0; i < 300; i++)
        {
            read.Add(reader.ReadOne());
            Bus.Publish(Topic, SampleTypes.Asked);
        }

        Assert.That(reader.IsLagging, Is.True);
        read.AddRange(reader.ReadAvailable());
        Assert.That(read.Sequences(), Is.EqualTo(Enumerable.Range(1, 1_900)));
        Assert.That((reader.IsLagging, reader.Dropped), Is.EqualTo((false, 0L)));
    }

    [Test]
    public void One_step_looks_at_a_bounded_number_of_events_though_none_is_wanted()
    {
        var reader = Subscribe(static options => options.Types = [SampleTypes.Asked]);
        Bus.PublishMany(Topic, SampleTypes.Asked, 3);
        Bus.PublishMany(Topic, SampleTypes.Delta, 1_900);
        Bus.Publish(Topic, SampleTypes.Asked);
        Assert.That(Enumerable.Range(0, 3).Select(_ => reader.ReadOne().Sequence), Is.EqualTo([1L, 2L, 3L]));
        Assert.That(reader.IsLagging, Is.True, "Still on the way: the lock is given back in between.");
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1_904L]));
        Assert.That((reader.IsLagging, reader.Filtered), Is.EqualTo((false, 1_900L)));
    }

    [Test]
    public void One_step_takes_a_bounded_number_of_bytes()
    {
        var reader = Subscribe(static options => options.MaxBytes = 1_024);
        for (var i = 0; i < 20; i++)
        {
            Bus.Publish(Topic, SampleTypes.Asked, new byte[1_000]);
        }

        reader.ReadOne();
        reader.ReadOne();
        Assert.That(reader.IsLagging, Is.True);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo(Enumerable.Range(3, 18)));
    }

    [Test]
    public async Task A_reader_that_waits_is_woken_to_catch_up()
    {
        var reader = Subscribe();
        var reading = Task.Run(reader.ReadToEndAsync);
        Bus.PublishMany(Topic, SampleTypes.Asked, 500);
        Bus.Publish(Topic, SampleTypes.Completed);
        Assert.That((await reading.WithinSafetyAsync()).Sequences(), Is.EqualTo(Enumerable.Range(1, 501)));
    }

    [Test]
    public void Normal_events_evicted_while_it_lagged_are_a_gap_and_not_its_end()
    {
        var bus = SampleTypes.CreateBus(static options => options.History.Capacity = 4);
        var reader = Subscribe(bus: bus);
        bus.PublishMany(Topic, SampleTypes.Asked, 3);
        bus.PublishMany(Topic, SampleTypes.Delta, 7);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "2", "3", "gap 4-6 (3 Evicted)", "7", "8", "9", "10"]));
        Assert.That((reader.Dropped, reader.EndReason), Is.EqualTo((3L, (EndReason?)null)));
    }

    [Test]
    public void Who_wants_only_critical_events_is_told_of_no_gap_among_others()
    {
        var bus = SampleTypes.CreateBus(static options => options.History.Capacity = 4);
        var reader = Subscribe(static options => options.Types = [SampleTypes.Asked], bus);
        bus.PublishMany(Topic, SampleTypes.Asked, 3);
        bus.PublishMany(Topic, SampleTypes.Delta, 7);
        bus.Publish(Topic, SampleTypes.Asked);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "2", "3", "11"]));
        Assert.That(reader.Dropped, Is.Zero);
    }

    [Test]
    public void Asked_to_catch_up_on_normal_events_too_it_drops_none_that_history_holds()
    {
        var reader = Subscribe(static options => options.OnNormalOverflow = NormalOverflow.CatchUp);
        Bus.PublishMany(Topic, SampleTypes.Delta, 1_000);
        Assert.That(reader.IsLagging, Is.True);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo(Enumerable.Range(1, 1_000)));
        Assert.That((reader.IsLagging, reader.Dropped), Is.EqualTo((false, 0L)));
    }

    /// <summary>Room for one Normal event and one critical.</summary>
    private EventSubscription Subscribe(Action<SubscriptionOptions>? configure = null, EventBus? bus = null)
    {
        var options = new SubscriptionOptions { Topic = Topic, Capacity = 2 };
        configure?.Invoke(options);
        return (bus ?? Bus).Subscribe(options);
    }
}
