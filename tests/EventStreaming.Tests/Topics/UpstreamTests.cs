using System.Text;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Topics;

/// <summary>What readers are told of the connection to where the events come from.</summary>
internal sealed class UpstreamTests
{
    private const string Topic = Feeding.Topic;

    private EventBus _bus = null!; // Set before each test.
    private TopicFeed _feed = null!;

    [SetUp]
    public void Create()
    {
        _bus = SampleTypes.CreateBus();
        _feed = _bus.OpenFeed();
    }

    [TearDown]
    public async Task DisposeAsync()
    {
        _feed.Dispose();
        await _bus.DisposeAsync();
    }

    [Test]
    public void A_reader_is_told_when_it_has_read_what_came_before()
    {
        var reader = _bus.Subscribe(Topic);
        _feed.AppendMany(1, 2);
        Assert.That(_feed.Announce(UpstreamStatus.Reconnecting), Is.True);
        var items = reader.ReadAvailable();
        Assert.That(items.Summaries(), Is.EqualTo(["1", "2", "upstream Reconnecting"]));
        Assert.That((items[2].Type, items[2].IsControl, items[2].Topic, items[2].Cursor), Is.EqualTo((ControlEvents.Upstream, true, Topic, default(EventCursor))));
        Assert.That((reader.Cursor, reader.Delivered, reader.Dropped, reader.Filtered), Is.EqualTo(((EventCursor?)Feeding.At(2), 2L, 0L, 0L)));
        _feed.Announce(UpstreamStatus.Connected);
        _feed.Append(3);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EquivalentTo(["upstream Connected", "3"]));
    }

    [Test]
    public async Task A_reader_that_waits_is_woken_to_be_told()
    {
        var reader = _bus.Subscribe(Topic);
        var buffer = new StreamEvent[1];
        var reading = reader.ReadAsync(buffer).AsTask();
        _feed.Announce(UpstreamStatus.Down);
        Assert.That(await reading.WithinSafetyAsync(), Is.EqualTo(1));
        Assert.That(buffer.Summaries(), Is.EqualTo(["upstream Down"]));
    }

    [Test]
    public void Who_comes_later_is_told_behind_what_is_replayed_to_it_unless_all_is_well_again()
    {
        _feed.AppendMany(1, 2);
        _feed.Announce(UpstreamStatus.Down);
        Assert.That(_bus.Subscribe(Topic).ReadAvailable().Summaries(), Is.EqualTo(["1", "2", "upstream Down"]));
        Assert.That(_bus.Subscribe(Topic, Feeding.At(2)).ReadAvailable().Summaries(), Is.EqualTo(["upstream Down"]));
        Assert.That(_bus.Subscribe(new SubscriptionOptions { Types = [SampleTypes.Asked] }).ReadAvailable().Summaries(), Is.EqualTo(["upstream Down"]));
        _feed.Announce(UpstreamStatus.Connected);
        Assert.That(_bus.Subscribe(Topic).ReadAvailable().Summaries(), Is.EqualTo(["1", "2"]));
        Assert.That(_bus.FindTopic(Topic)!.HistoryCount, Is.EqualTo(2));
    }

    [Test]
    public void A_reader_that_stands_still_is_told_the_newest_only()
    {
        var reader = _bus.Subscribe(Topic);
        var all = _bus.Subscribe(new SubscriptionOptions());
        for (var i = 0; i < 1_000; i++)
        {
            _feed.Announce(UpstreamStatus.Reconnecting);
            _feed.Announce(UpstreamStatus.Down);
        }

        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["upstream Down"]));
        Assert.That(all.ReadAvailable().Summaries(), Is.EqualTo(["upstream Down"]));
    }

    [Test]
    public void A_lagging_reader_is_told_when_it_has_caught_up()
    {
        var reader = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        for (var i = 1; i <= 600; i++)
        {
            _feed.Append(i, SampleTypes.Asked);
        }

        _feed.Announce(UpstreamStatus.Down);
        Assert.That(reader.IsLagging, Is.True);
        Assert.That(reader.ReadAvailable().Summaries().TakeLast(2), Is.EqualTo(["600", "upstream Down"]));
    }

    [Test]
    public void A_reader_of_all_topics_is_told_behind_what_the_topic_had_before_though_others_go_on()
    {
        var reader = _bus.Subscribe(new SubscriptionOptions());
        _feed.AppendMany(1, 2);
        _feed.Announce(UpstreamStatus.Down);
        _bus.Publish("b", "x");
        var read = new List<StreamEvent>();
        while (read.Count < 20)
        {
            read.Add(reader.ReadOne());
            _bus.Publish("b", "x");
        }

        Assert.That(read.Where(static item => string.Equals(item.Topic, Topic, StringComparison.Ordinal)).Summaries(), Is.EqualTo(["1", "2", "upstream Down"]), "Its channel is never empty.");
    }

    [Test]
    public void A_reader_of_all_topics_that_stands_still_keeps_no_more_closed_topics_for_notices_than_for_events()
    {
        var reader = _bus.Subscribe(new SubscriptionOptions { Capacity = 4 });
        for (var i = 0; i < 6; i++)
        {
            using var feed = _bus.OpenFeed("t" + i, Feeding.At(0));
            feed.Announce(UpstreamStatus.Down);
            _bus.CloseTopic("t" + i);
        }

        Assert.That(reader.EndReason, Is.EqualTo(EndReason.SlowConsumer));
    }

    [Test]
    public async Task Notices_go_before_the_end()
    {
        var reader = _bus.Subscribe(Topic);
        _feed.Append(1);
        _feed.Announce(UpstreamStatus.Down);
        _bus.CloseTopic(Topic);
        Assert.That((await reader.ReadToEndAsync()).Summaries(), Is.EqualTo(["1", "upstream Down"]));
    }

    [Test]
    public void Who_finds_the_topic_completed_is_told_nothing()
    {
        _feed.Append(1, SampleTypes.Completed);
        _feed.Announce(UpstreamStatus.Down);
        var reader = _bus.Subscribe(Topic, Feeding.At(1));
        Assert.That((reader.EndReason, reader.IsDrained), Is.EqualTo((EndReason.Completed, true)));
        Assert.That(reader.ReadAvailable(), Is.Empty);
    }

    [Test]
    public async Task A_wait_for_an_event_is_not_disturbed()
    {
        var wait = _bus.WaitForAsync(Topic, static item => item.Type is SampleTypes.Asked);
        _feed.Announce(UpstreamStatus.Down);
        _feed.Append(1, SampleTypes.Asked);
        Assert.That((await wait.WithinSafetyAsync()).Sequence, Is.EqualTo(1));
    }

    [Test]
    public void On_the_wire_it_has_neither_id_nor_place()
    {
        var reader = _bus.Subscribe(Topic);
        _feed.TryAnnounce(new UpstreamState(UpstreamStatus.Reconnecting, DateTimeOffset.UnixEpoch, "host"));
        var item = reader.ReadOne();
        var json = Encoding.UTF8.GetString(JsonEventEncoder.Default.GetBytes(item).Span);
        Assert.That(json, Does.StartWith("""{"type":"stream.upstream","topic":"session-1","seq":0,"time":"""));
        Assert.That(json, Does.EndWith(""","data":{"status":"reconnecting","since":"1970-01-01T00:00:00+00:00","upstream":"host"}}"""));
    }

    [Test]
    public void A_state_there_is_not_and_a_name_too_long_are_refused()
    {
        Assert.That(() => _feed.Announce((UpstreamStatus)9), Throws.ArgumentException);
        Assert.That(() => _feed.TryAnnounce(new UpstreamState(UpstreamStatus.Down, default, new string('x', 257))), Throws.ArgumentException.With.Message.Contains("257"));
    }
}
