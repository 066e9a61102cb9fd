using System.Text.Json;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Diagnostics;

internal sealed class MetricsTests
{
    private const string Topic = "session-1";

    private string _name = string.Empty;
    private Measurements _measured = null!; // Both made anew for each test.
    private EventBus _bus = null!;

    [SetUp]
    public void SetUp()
    {
        _name = "metrics-" + Guid.NewGuid();
        _measured = new Measurements(_name);
        _bus = new EventBus(
            new EventStreamingOptions { History = { Capacity = 8 } }, new EventCatalog(new EventTypeDescriptor("critical") { Critical = true }), name: _name);
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _bus.DisposeAsync();
        _measured.Dispose();
    }

    [Test]
    public void The_instruments_and_their_units_are_these() => Assert.That(
        _measured.Instruments.Values.Select(static instrument => (instrument.Name, instrument.Unit)),
        Is.EquivalentTo(new (string, string?)[]
        {
            ("eventstreaming.events.published", "{event}"),
            ("eventstreaming.events.delivered", "{event}"),
            ("eventstreaming.events.dropped", "{event}"),
            ("eventstreaming.gaps", "{gap}"),
            ("eventstreaming.subscriptions.active", "{subscription}"),
            ("eventstreaming.subscriptions.ended", "{subscription}"),
            ("eventstreaming.subscriptions.lag", "{event}"),
            ("eventstreaming.handler.errors", "{error}"),
            ("eventstreaming.replay.size", "{event}"),
            ("eventstreaming.topics", "{topic}"),
            ("eventstreaming.history.size", "By"),
        }));

    [Test]
    public async Task Published_and_delivered_events_are_counted()
    {
        await using var reader = _bus.Subscribe(Topic);
        for (var i = 0; i < 5; i++)
        {
            _bus.Publish(Topic, "step");
        }

        reader.TryRead(out _);
        reader.TryRead(out _);

        Assert.That(_measured.Sum("eventstreaming.events.published"), Is.EqualTo(5));
        Assert.That(_measured.Sum("eventstreaming.events.delivered"), Is.EqualTo(2));
    }

    [Test]
    public async Task Events_lost_to_a_full_channel_and_their_gap_are_counted_as_overflow()
    {
        await using var reader = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 4 });
        for (var i = 0; i < 10; i++)
        {
            _bus.Publish(Topic, "step");
        }

        while (reader.TryRead(out _))
        {
            // Reads on to the gap.
        }

        Assert.That(_measured.Observe("eventstreaming.events.dropped", "overflow"), Is.EqualTo(7));
        Assert.That(_measured.Observe("eventstreaming.gaps", "overflow"), Is.EqualTo(1));
        Assert.That(_measured.Observe("eventstreaming.events.dropped", "evicted"), Is.Zero);
        Assert.That(_measured.Observe("eventstreaming.gaps", "evicted"), Is.Zero);
    }

    [Test]
    public async Task Events_no_longer_in_history_and_their_gap_are_counted_as_evicted()
    {
        for (var i = 0; i < 12; i++)
        {
            _bus.Publish(Topic, "step");
        }

        await using var reader = _bus.Subscribe(Topic, EventCursor.Start);
        while (reader.TryRead(out _))
        {
            // Reads all.
        }

        Assert.That(_measured.Observe("eventstreaming.events.dropped", "evicted"), Is.EqualTo(4));
        Assert.That(_measured.Observe("eventstreaming.gaps", "evicted"), Is.EqualTo(1));
    }

    [Test]
    public async Task Active_subscriptions_topics_and_history_are_measured_as_they_are()
    {
        var size = _bus.Publish(Topic, "step").Size + _bus.Publish("session-2", "step", "text").Size;
        await using var reader = _bus.Subscribe(Topic);
        await using var other = _bus.Subscribe("session-3");

        Assert.That(_measured.Observe("eventstreaming.subscriptions.active"), Is.EqualTo(2));
        Assert.That(_measured.Observe("eventstreaming.topics"), Is.EqualTo(3));
        Assert.That(_measured.Observe("eventstreaming.history.size"), Is.EqualTo(size));

        await other.DisposeAsync();
        _bus.CloseTopic("session-2");
        Assert.That(_measured.Observe("eventstreaming.subscriptions.active"), Is.EqualTo(1));
        Assert.That(_measured.Observe("eventstreaming.topics"), Is.EqualTo(2));
        Assert.That(_measured.Observe("eventstreaming.history.size"), Is.EqualTo(EventSize.Envelope));
    }

    [Test]
    public async Task The_lag_is_that_of_the_reader_furthest_behind()
    {
        await using var behind = _bus.Subscribe(Topic);
        await using var ahead = _bus.Subscribe(Topic);
        for (var i = 0; i < 3; i++)
        {
            _bus.Publish(Topic, "step");
            ahead.TryRead(out _);
        }

        Assert.That(_measured.Observe("eventstreaming.subscriptions.lag"), Is.EqualTo(3));
    }

    [Test]
    public async Task The_lag_includes_what_a_lagging_reader_has_yet_to_read_from_history()
    {
        await using var reader = _bus.Subscribe(
            new SubscriptionOptions { Topic = Topic, Capacity = 2, CriticalReserve = 1, OnNormalOverflow = NormalOverflow.CatchUp });
        for (var i = 0; i < 10; i++)
        {
            _bus.Publish(Topic, "step");
        }

        Assert.That((reader.IsLagging, reader.Queued), Is.EqualTo((true, 1)));
        Assert.That(_measured.Observe("eventstreaming.subscriptions.lag"), Is.EqualTo(10));

        // One from the channel; behind it the rest is taken from history, and handed out one by one.
        reader.ReadOne();
        reader.ReadOne();
        Assert.That(_measured.Observe("eventstreaming.subscriptions.lag"), Is.EqualTo(8));
    }

    [Test]
    public async Task What_is_replayed_to_a_new_subscription_is_measured()
    {
        _bus.Publish(Topic, "step");
        _bus.Publish(Topic, "step");
        await using var late = _bus.Subscribe(Topic);
        await using var live = _bus.Subscribe(Topic, EventCursor.End);

        Assert.That(_measured.Values("eventstreaming.replay.size"), Is.EqualTo([2]));
    }

    [Test]
    public async Task A_replay_read_in_parts_and_a_catch_up_are_measured_when_they_are_complete()
    {
        for (var i = 0; i < 7; i++)
        {
            _bus.Publish(Topic, "step");
        }

        await using var reader = _bus.Subscribe(
            new SubscriptionOptions { Topic = Topic, Capacity = 2, CriticalReserve = 1, OnNormalOverflow = NormalOverflow.CatchUp });
        Assert.That(_measured.Values("eventstreaming.replay.size"), Is.Empty);
        Assert.That(reader.ReadAvailable(), Has.Count.EqualTo(7));
        Assert.That(_measured.Values("eventstreaming.replay.size"), Is.EqualTo([7]));

        for (var i = 0; i < 5; i++)
        {
            _bus.Publish(Topic, "step");
        }

        Assert.That(reader.ReadAvailable(), Has.Count.EqualTo(5));
        Assert.That(_measured.Values("eventstreaming.replay.size"), Is.EqualTo([7, 4]));
    }

    [Test]
    public async Task Ended_subscriptions_are_counted_by_reason()
    {
        using var owner = new CancellationTokenSource();
        using var transport = new CancellationTokenSource();
        var disposed = _bus.Subscribe(Topic);
        var cancelled = _bus.Subscribe(Topic, cancellationToken: owner.Token);
        var slow = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2, OnCriticalOverflow = CriticalOverflow.Disconnect });
        var faulted = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Predicate = static _ => throw new InvalidDataException() });
        var pump = EventPump.RunAsync(_bus.Subscribe(Topic), new RecordingSink(), transport: transport.Token);
        var closed = _bus.Subscribe(Topic);
        var stopped = _bus.Subscribe("session-2");
        _bus.OpenFeed("fed", new EventCursor("before", 0)).Dispose();
        var restarted = _bus.Subscribe("fed");
        using var feed = _bus.OpenFeed("fed", new EventCursor("after", 0));

        await disposed.DisposeAsync();
        await owner.CancelAsync();
        await transport.CancelAsync();
        for (var i = 0; i < 3; i++)
        {
            _bus.Publish(Topic, "critical");
        }

        Assert.That(() => faulted.TryRead(out _), Throws.InstanceOf<InvalidDataException>());
        _bus.CloseTopic(Topic);
        await Task.WhenAll(pump, disposed.Completion, cancelled.Completion, slow.Completion, faulted.Completion, closed.Completion, restarted.Completion).WithinSafetyAsync();
        await _bus.DisposeAsync();

        Assert.That(stopped.EndReason, Is.EqualTo(EndReason.HostStopping));
        var reasons = Enum.GetValues<EndReason>().Except([EndReason.Completed]);
        Assert.That(reasons.Select(reason => _measured.Sum("eventstreaming.subscriptions.ended", JsonNamingPolicy.CamelCase.ConvertName(reason.ToString()))), Is.All.EqualTo(1));
    }

    [Test]
    public async Task What_a_handler_throws_is_counted()
    {
        using var log = new LogRecorder();
        await using var bus = new EventBus(loggerFactory: log, name: _name);
        await using var handled = bus.Subscribe(new SubscriptionOptions { Topic = Topic }, static (_, _) => throw new InvalidDataException());
        bus.Publish(Topic, "step");
        bus.Publish(Topic, "step");
        await log.UntilAsync(1300, count: 2);

        Assert.That(_measured.Sum("eventstreaming.handler.errors"), Is.EqualTo(2));
    }

    [Test]
    public async Task Tags_are_the_bus_and_a_reason_and_never_a_topic()
    {
        await Ended_subscriptions_are_counted_by_reason();
        Assert.That(_measured.OtherTags, Is.Empty);
    }

    [Test]
    public async Task A_disposed_bus_is_measured_no_more()
    {
        await _bus.DisposeAsync();
        Assert.That(() => _measured.Observe("eventstreaming.topics"), Throws.InvalidOperationException);
    }
}
