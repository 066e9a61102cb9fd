using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class SlowConsumerTests
{
    private const string Topic = "session-1";

    private EventBus _bus = null!; // Set before each test.

    [SetUp]
    public void Create() => _bus = SampleTypes.CreateBus(static options =>
    {
        options.History.Capacity = 4;
        options.History.CriticalCapacity = 2;
    });

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public async Task A_reader_ends_when_history_loses_a_critical_event_it_has_yet_to_get()
    {
        var reader = Subscribe();
        _bus.PublishMany(Topic, SampleTypes.Asked, 3);
        _bus.PublishMany(Topic, SampleTypes.Delta, 4);
        Assert.That(reader.EndReason, Is.Null, "1 was lost, but waits in its channel; 3 is held.");
        _bus.PublishMany(Topic, SampleTypes.Asked, 2);
        _bus.PublishMany(Topic, SampleTypes.Delta, 3);
        Assert.That(reader.EndReason, Is.Null);
        _bus.PublishMany(Topic, SampleTypes.Delta, 1);
        Assert.That(reader.EndReason, Is.EqualTo(EndReason.SlowConsumer), "3 is lost now, pushed out by 8 and 9.");

        Assert.That((await reader.ReadToEndAsync()).Summaries(), Is.EqualTo(["1", "2"]), "What it has, it may read.");
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.SlowConsumer));
        Assert.That((reader.Cursor!.Value.Sequence, reader.IsLagging), Is.EqualTo((2L, false)));
    }

    [Test]
    public async Task Its_cursor_resumes_with_a_gap_where_the_lost_event_was()
    {
        var reader = Subscribe();
        _bus.PublishMany(Topic, SampleTypes.Asked, 10);
        Assert.That(reader.EndReason, Is.EqualTo(EndReason.SlowConsumer));
        reader.ReadAvailable();

        await using var resumed = _bus.Subscribe(Topic, reader.Cursor);
        Assert.That(resumed.ReadAvailable().Summaries(), Is.EqualTo(["gap 3-4 (2 Evicted)", "5", "6", "7", "8", "9", "10"]));
    }

    [Test]
    public void A_lost_critical_event_that_its_filter_does_not_want_is_not_its_end()
    {
        var reader = Subscribe(static options =>
        {
            options.Types = [SampleTypes.Delta];
            options.OnNormalOverflow = NormalOverflow.CatchUp;
        });
        _bus.PublishMany(Topic, SampleTypes.Delta, 2);
        Assert.That(reader.IsLagging, Is.True);
        _bus.PublishMany(Topic, SampleTypes.Asked, 10);
        _bus.PublishMany(Topic, SampleTypes.Delta, 1);
        Assert.That(reader.EndReason, Is.Null);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "gap 2-7 (6 Evicted)", "13"]));
    }

    [Test]
    public void A_lost_critical_event_that_is_a_workers_noise_is_not_its_end()
    {
        var reader = Subscribe(static options => options.OnNormalOverflow = NormalOverflow.CatchUp);
        _bus.PublishMany(Topic, SampleTypes.Delta, 2);
        for (var i = 0; i < 10; i++)
        {
            _bus.Publish(Topic, new EventDraft(SampleTypes.Started) { Source = "worker:1" });
        }

        Assert.That((reader.IsLagging, reader.EndReason), Is.EqualTo((true, (EndReason?)null)));
    }

    [Test]
    public void A_lost_critical_event_that_is_not_replayed_to_a_fresh_connect_is_not_its_end()
    {
        var bus = SampleTypes.CreateBus(static options =>
        {
            options.History.Capacity = 2;
            options.History.CriticalCapacity = 3;
        });
        bus.PublishMany(Topic, SampleTypes.Asked, 2);
        bus.Publish(Topic, SampleTypes.Started);
        bus.PublishMany(Topic, SampleTypes.Asked, 2);
        var reader = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        Assert.That(reader.IsLagging, Is.True, "It was given 1 and 2, and has yet to be given 4 and 5.");
        bus.PublishMany(Topic, SampleTypes.Asked, 3);
        Assert.That(bus.FindTopic(Topic)!.HistoryCount, Is.EqualTo(5), "3, of the type that is not replayed, is lost; 4 is held.");
        Assert.That(reader.EndReason, Is.Null);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "2", "4", "5", "6", "7", "8"]));
    }

    [Test]
    public async Task Asked_to_disconnect_it_ends_at_once_when_a_critical_event_does_not_fit()
    {
        var reader = Subscribe(static options => options.OnCriticalOverflow = CriticalOverflow.Disconnect);
        _bus.PublishMany(Topic, SampleTypes.Asked, 3);
        Assert.That(reader.EndReason, Is.EqualTo(EndReason.SlowConsumer));
        Assert.That((await reader.ReadToEndAsync()).Sequences(), Is.EqualTo([1L, 2L]));
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.SlowConsumer));

        await using var resumed = _bus.Subscribe(Topic, reader.Cursor);
        Assert.That((resumed.Outcome, resumed.ReadOne().Sequence), Is.EqualTo((ResumeOutcome.Resumed, 3L)));
    }

    [Test]
    public void Asked_to_disconnect_it_is_still_told_of_the_gap_before_its_end()
    {
        var reader = Subscribe(static options => options.OnCriticalOverflow = CriticalOverflow.Disconnect);
        _bus.PublishMany(Topic, SampleTypes.Delta, 3);
        _bus.PublishMany(Topic, SampleTypes.Asked, 2);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "gap 2-3 (2 Overflow)", "4"]));
        Assert.That(reader.EndReason, Is.EqualTo(EndReason.SlowConsumer));
    }

    [Test]
    public void Normal_events_end_nobody()
    {
        var reader = Subscribe(static options => options.OnCriticalOverflow = CriticalOverflow.Disconnect);
        _bus.PublishMany(Topic, SampleTypes.Delta, 1_000);
        Assert.That(reader.EndReason, Is.Null);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "gap 2-1000 (999 Overflow)"]));
    }

    private EventSubscription Subscribe(Action<SubscriptionOptions>? configure = null)
    {
        var options = new SubscriptionOptions { Topic = Topic, Capacity = 2 };
        configure?.Invoke(options);
        return _bus.Subscribe(options);
    }
}
