using System.Diagnostics;
using System.Globalization;
using System.Text;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Topics;

internal sealed class TopicFeedTests
{
    private const string Topic = Feeding.Topic;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(160);

    private ManualTimeProvider _clock = null!; // Set before each test.
    private EventBus _bus = null!;

    [SetUp]
    public void Create()
    {
        _clock = new ManualTimeProvider();
        _bus = SampleTypes.CreateBus(
            static options =>
            {
                options.Topics.IdleTimeout = s_timeout;
                options.MaxEventBytes = 1_024;
                options.ShutdownTimeout = TimeSpan.Zero;
            },
            _clock);
    }

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public async Task What_is_fed_has_the_attributes_and_the_place_it_was_given_elsewhere()
    {
        await using var elsewhere = SampleTypes.CreateBus();
        StreamEvent original;
        using (new Activity("elsewhere").SetIdFormat(ActivityIdFormat.W3C).Start())
        {
            original = elsewhere.Publish("other", new EventDraft(SampleTypes.Asked, "now") { Source = "queen", RunId = "r", CorrelationId = "c", ParentId = "p" });
        }

        using var feed = _bus.OpenFeed(Topic, new EventCursor(original.Cursor.EpochToken, 0));
        await using var reader = _bus.Subscribe(Topic);
        Assert.That(feed.TryAppend(FedEvent.From(original)), Is.True);
        var item = reader.ReadOne();

        Assert.That((item.Id, item.Time, item.Cursor, item.TraceParent), Is.EqualTo((original.Id, original.Time, original.Cursor, original.TraceParent)));
        Assert.That(item.TraceParent, Is.Not.Null);
        Assert.That(
            (item.Type, item.Source, item.RunId, item.CorrelationId, item.ParentId, item.Data, item.Topic),
            Is.EqualTo((SampleTypes.Asked, "queen", "r", "c", "p", (object)"now", Topic)));
        Assert.That(feed.Head, Is.EqualTo(original.Cursor));
    }

    [Test]
    public async Task What_is_given_no_id_and_no_time_elsewhere_gets_them_here()
    {
        using var feed = _bus.OpenFeed();
        await using var reader = _bus.Subscribe(Topic);
        feed.AppendMany(1, 2);
        var items = reader.ReadAvailable();
        Assert.That(items.Select(static item => item.Time), Is.All.EqualTo(_clock.GetUtcNow()));
        Assert.That(items[0].Id, Is.Not.EqualTo(items[1].Id).And.Not.EqualTo(Guid.Empty));
    }

    [Test]
    public async Task What_an_event_is_decides_the_catalog_here()
    {
        using var feed = _bus.OpenFeed();
        await using var reader = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, EndOnTerminal = false });
        feed.Append(1, SampleTypes.Asked, "ab");
        feed.TryAppend(new FedEvent(2, SampleTypes.Delta) { Source = "worker:1" });
        feed.TryAppend(new FedEvent(3, SampleTypes.Asked) { Source = "worker:1" });
        feed.Append(4, SampleTypes.Completed);
        var items = reader.ReadAvailable();
        Assert.That(items.Sequences(), Is.EqualTo([1L, 3L, 4L]), "The noise of a worker is noise here, too.");
        Assert.That(items.Select(static item => item.IsCritical), Is.All.True);
        Assert.That((items[0].Size, items[2].IsTerminal), Is.EqualTo((EventSize.Envelope + 4, true)));
        Assert.That(_bus.FindTopic(Topic)!.IsCompleted, Is.True);
    }

    [Test]
    public void What_publish_refuses_is_refused_and_takes_no_place()
    {
        using var feed = _bus.OpenFeed();
        Assert.That(() => feed.Append(1, ControlEvents.Gap), Throws.ArgumentException.With.Message.Contains("reserved"));
        Assert.That(() => feed.Append(1, SampleTypes.Delta, new byte[2_000]), Throws.ArgumentException.With.Message.Contains("MaxEventBytes"));
        Assert.That(() => feed.Append(1, SampleTypes.Progress.Name, "no step"), Throws.ArgumentException.With.Message.Contains("declared"));
        var tooLong = new string('x', EventDraft.MaxAttributeLength + 1);
        foreach (var item in new[]
        {
            new FedEvent(1, "a") { Source = tooLong },
            new FedEvent(1, "a") { RunId = tooLong },
            new FedEvent(1, "a") { CorrelationId = tooLong },
            new FedEvent(1, "a") { ParentId = tooLong },
            new FedEvent(1, "a") { TraceParent = tooLong },
        })
        {
            Assert.That(() => feed.TryAppend(item), Throws.ArgumentException.With.Message.Contains("257 characters"));
        }

        Assert.That(() => feed.Append(0), Throws.ArgumentException.With.Message.Contains("sequence is 0"));
        Assert.That(feed.Head, Is.EqualTo(Feeding.At(0)));
    }

    [Test]
    public async Task Events_come_once_and_in_order_whatever_is_fed_again()
    {
        using var feed = _bus.OpenFeed(behind: 4);
        await using var reader = _bus.Subscribe(Topic);
        Assert.That(new long[] { 4, 5, 7, 5, 6, 7, 8 }.Select(sequence => feed.Append(sequence)), Is.EqualTo([false, true, true, false, false, false, true]));
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["5", "7", "8"]), "A hole is no loss.");
        Assert.That((reader.Dropped, _bus.FindTopic(Topic)!.HistoryCount), Is.EqualTo((0L, 3)));
    }

    [Test]
    public void Publishing_to_what_is_fed_is_refused_and_says_what_to_do()
    {
        var feed = _bus.OpenFeed();
        feed.Append(1);
        Assert.That(() => _bus.Publish(Topic, "a"), Throws.InvalidOperationException.With.Message.Contains($"'{Topic}' is fed").And.Message.Contains("CloseTopic"));
        feed.Dispose();
        Assert.That(() => _bus.Publish(Topic, "a"), Throws.InvalidOperationException, "Its places are still those of elsewhere.");
        _bus.CloseTopic(Topic);
        Assert.That(_bus.Publish(Topic, "a").Sequence, Is.EqualTo(1));
    }

    [Test]
    public async Task Closing_the_topic_closes_the_feed_and_ends_its_readers()
    {
        using var feed = _bus.OpenFeed();
        await using var reader = _bus.Subscribe(Topic);
        feed.Append(1);
        Assert.That((feed.IsClosed, feed.Completion.IsCompleted), Is.EqualTo((false, false)));
        _bus.CloseTopic(Topic);

        await feed.Completion.WithinSafetyAsync();
        Assert.That(feed.IsClosed, Is.True);
        Assert.That((feed.Append(2), feed.AppendGap(2, 2), feed.TryAdvance(2), feed.Announce(UpstreamStatus.Down)), Is.EqualTo((false, false, false, false)));
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1L]));
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
    }

    [Test]
    public async Task Disposing_the_bus_closes_the_feed()
    {
        using var feed = _bus.OpenFeed();
        await _bus.DisposeAsync();
        await feed.Completion.WithinSafetyAsync();
        Assert.That(feed.Append(1), Is.False);
        Assert.That(() => _bus.OpenFeed(), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task A_log_that_began_anew_elsewhere_ends_the_readers_and_they_resume_on_the_new_one()
    {
        await using var elsewhere = SampleTypes.CreateBus();
        var before = elsewhere.Publish("other name", "a");
        elsewhere.CloseTopic("other name");
        var after = elsewhere.Publish("other name", "a");

        using var feed = _bus.OpenFeed(Topic, new EventCursor(before.Cursor.EpochToken, 0));
        await using var reader = _bus.Subscribe(Topic);
        await using var all = _bus.Subscribe(new SubscriptionOptions());
        feed.TryAppend(FedEvent.From(before));
        var place = reader.ReadOne().Cursor;
        feed.TryAppend(FedEvent.From(before) with { Sequence = 2 });
        feed.Dispose();

        using var next = _bus.OpenFeed(Topic, new EventCursor(after.Cursor.EpochToken, 0));
        next.TryAppend(FedEvent.From(after));
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([2L]), "what was there can still be read");
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicRestarted));
        Assert.That((reader.Delivered, reader.EndReason, reader.Cursor), Is.EqualTo((2L, EndReason.TopicRestarted, new EventCursor(before.Cursor.EpochToken, 2))));
        Assert.That(all.ReadAvailable().Select(static item => item.Cursor), Is.EqualTo([before.Cursor, new EventCursor(before.Cursor.EpochToken, 2), after.Cursor]));

        await using var again = _bus.Subscribe(Topic, place);
        Assert.That(again.ReadAvailable().Summaries(), Is.EqualTo(["open EpochChanged", "1"]));
        Assert.That((_bus.TopicCount, _bus.SubscriptionCount), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task Who_is_ended_by_a_restart_finds_the_new_log()
    {
        for (var life = 0; life < 200; life++)
        {
            var epoch = string.Create(CultureInfo.InvariantCulture, $"life{life}");
            using var feed = _bus.OpenFeed(Topic, new EventCursor(epoch, 0));
            await using var reader = _bus.Subscribe(Topic);
            var looking = reader.Completion.ContinueWith(_ => _bus.FindTopic(Topic)!.Head.EpochToken, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            feed.Dispose();
            using var next = _bus.OpenFeed(Topic, new EventCursor(epoch + "b", 0));
            Assert.That(await looking.WithinSafetyAsync(), Is.EqualTo(epoch + "b"));
        }
    }

    [Test]
    public void Only_a_place_in_a_log_can_be_fed_behind()
    {
        Assert.That(() => _bus.OpenFeed(Topic, EventCursor.Start), Throws.ArgumentException.With.Message.Contains("no place in a log"));
        Assert.That(() => _bus.OpenFeed(Topic, EventCursor.End), Throws.ArgumentException);
        Assert.That(() => _bus.OpenFeed(Topic, default), Throws.ArgumentException);
        Assert.That(() => _bus.OpenFeed(string.Empty, Feeding.At(0)), Throws.ArgumentException);
        Assert.That(_bus.TopicCount, Is.Zero);
    }

    [Test]
    public void A_topic_has_one_feed_and_its_own_events_or_fed_ones()
    {
        _bus.Publish("own", "a");
        Assert.That(() => _bus.OpenFeed("own", Feeding.At(0)), Throws.InvalidOperationException.With.Message.Contains("is not fed").And.Message.Contains("CloseTopic"));

        using var feed = _bus.OpenFeed();
        Assert.That(() => _bus.OpenFeed(), Throws.InvalidOperationException.With.Message.Contains("already"));
        feed.Dispose();
        Assert.That(() => _bus.OpenFeed(Topic, new EventCursor("def", 0)).Dispose(), Throws.Nothing, "a log that began anew, as nobody feeds the old one");
        Assert.That(feed.IsClosed, Is.True);
        using var next = _bus.OpenFeed();
        feed.Dispose();
        Assert.That((next.IsClosed, next.Append(1)), Is.EqualTo((false, true)), "A feed that is closed closes no other.");
    }

    [Test]
    public async Task Another_feed_goes_on_where_one_left_off_and_says_what_nobody_fed()
    {
        var feed = _bus.OpenFeed();
        await using var reader = _bus.Subscribe(Topic);
        feed.AppendMany(1, 2);
        feed.Dispose();
        using (var second = _bus.OpenFeed(behind: 1))
        {
            Assert.That((second.Head, second.Append(2), second.Append(3)), Is.EqualTo((Feeding.At(2), false, true)));
        }

        using var third = _bus.OpenFeed(behind: 9);
        third.Append(10);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "2", "3", "gap 4-9 (6 Evicted)", "10"]));
    }

    [Test]
    public async Task A_feed_keeps_its_topic_and_the_time_begins_when_it_is_disposed()
    {
        var feed = _bus.OpenFeed();
        feed.Append(1);
        _clock.Advance(s_timeout * 3);
        Assert.That((_bus.FindTopic(Topic), feed.IsClosed), Is.EqualTo((_bus.FindTopic(Topic), false)));
        Assert.That(_bus.FindTopic(Topic), Is.Not.Null);

        feed.Dispose();
        _clock.Advance(s_timeout / 2);
        Assert.That(_bus.FindTopic(Topic), Is.Not.Null);
        _clock.Advance(s_timeout);
        Assert.That(_bus.FindTopic(Topic), Is.Null);
        await feed.Completion.WithinSafetyAsync();
    }

    [Test]
    public void A_topic_that_is_fed_makes_room_for_no_other()
    {
        var bus = SampleTypes.CreateBus(static options => options.Topics.MaxCount = 2, _clock);
        using var feed = bus.OpenFeed();
        bus.Publish("a", "x");
        bus.Publish("b", "x");
        Assert.That((bus.FindTopic("a"), feed.IsClosed), Is.EqualTo(((TopicInfo?)null, false)));
        using var second = bus.OpenFeed("c", Feeding.At(0));
        Assert.That(bus.FindTopic("b"), Is.Null, "A feed makes room as a publish does.");
        Assert.That(() => bus.OpenFeed("d", Feeding.At(0)), Throws.InstanceOf<TopicLimitException>());
    }

    [Test]
    public void What_is_fed_is_counted_as_published()
    {
        using var measurements = new Measurements("fed");
        using var bus = new EventBus(name: "fed");
        using var feed = bus.OpenFeed();
        feed.AppendMany(1, 2, 2);
        Assert.That(measurements.Sum("eventstreaming.events.published"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_reader_of_all_topics_gets_what_is_fed_and_nothing_of_what_was_before()
    {
        await using var reader = _bus.Subscribe(new SubscriptionOptions());
        using var feed = _bus.OpenFeed(behind: 100);
        feed.AppendMany(103, 105);
        feed.AppendGap(106, 107);
        feed.Append(108);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["103", "105", "gap 106-107 (2 Overflow)", "108"]));
    }

    [Test]
    public async Task Raw_json_is_read_where_its_declared_type_asks()
    {
        await using var bus = new EventBus(catalog: new EventCatalog(new EventTypeDescriptor<Note>("note", NoteJson.Default.Note) { TerminalWhen = static note => note.IsLast }));
        using var feed = bus.OpenFeed();
        feed.Append(1, "note", JsonPayload.Parse(Encoding.UTF8.GetBytes("""{"IsLast":true}""")));
        Assert.That(bus.FindTopic(Topic)!.IsCompleted, Is.True);
    }

    internal sealed record Note(bool IsLast);
}

[System.Text.Json.Serialization.JsonSerializable(typeof(TopicFeedTests.Note))]
internal sealed partial class NoteJson : System.Text.Json.Serialization.JsonSerializerContext;
