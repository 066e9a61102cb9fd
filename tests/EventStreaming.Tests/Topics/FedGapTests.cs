using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Topics;

/// <summary>What was lost before it could be fed.</summary>
internal sealed class FedGapTests
{
    private const string Topic = Feeding.Topic;

    private EventBus _bus = null!; // Set before each test.
    private TopicFeed _feed = null!;

    [SetUp]
    public void Create()
    {
        _bus = SampleTypes.CreateBus(static options => options.History.Capacity = 8);
        _feed = _bus.OpenFeed();
    }

    [TearDown]
    public async Task DisposeAsync()
    {
        _feed.Dispose();
        await _bus.DisposeAsync();
    }

    [Test]
    public void A_live_reader_is_told_of_a_loss_in_its_place([Values] GapReason reason)
    {
        var reader = _bus.Subscribe(Topic);
        _feed.AppendMany(1, 2);
        Assert.That(_feed.TryAppendGap(new Gap(4, 9, 3, reason)), Is.True);
        _feed.AppendMany(10, 11);
        var items = reader.ReadAvailable();
        Assert.That(items.Summaries(), Is.EqualTo(["1", "2", $"gap 4-9 (3 {reason})", "10", "11"]));
        Assert.That((items[2].Cursor, items[2].Type), Is.EqualTo((Feeding.At(9), ControlEvents.Gap)));
        Assert.That((reader.Dropped, reader.Delivered, reader.IsLagging), Is.EqualTo((3L, 4L, false)));
    }

    [Test]
    public async Task A_reader_that_waits_is_woken_for_a_loss_with_nothing_behind_it()
    {
        var reader = _bus.Subscribe(Topic);
        var buffer = new StreamEvent[1];
        var reading = reader.ReadAsync(buffer).AsTask();
        _feed.AppendGap(1, 5);
        Assert.That(await reading.WithinSafetyAsync(), Is.EqualTo(1));
        Assert.That(buffer.Summaries(), Is.EqualTo(["gap 1-5 (5 Overflow)"]));
        Assert.That(reader.Cursor, Is.EqualTo(Feeding.At(5)));
        Assert.That(_bus.Subscribe(Topic, Feeding.At(5)).Outcome, Is.EqualTo(ResumeOutcome.Resumed));
    }

    [Test]
    public void A_lagging_reader_and_one_that_resumes_are_told_of_each_loss_in_its_place()
    {
        var lagging = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        for (var i = 1; i <= 4; i++)
        {
            _feed.Append(10 * i, SampleTypes.Asked);
        }

        Assert.That(lagging.IsLagging, Is.True);
        _feed.AppendGap(41, 45);
        _feed.Append(50);
        _feed.AppendGap(51, 51);
        Assert.That(lagging.ReadAvailable().Summaries(), Is.EqualTo(["10", "20", "30", "40", "gap 41-45 (5 Overflow)", "50", "gap 51-51 (1 Overflow)"]));
        var resumed = _bus.Subscribe(Topic, Feeding.At(43));
        Assert.That(resumed.Outcome, Is.EqualTo(ResumeOutcome.Gap));
        Assert.That(resumed.ReadAvailable().Summaries(), Is.EqualTo(["gap 44-45 (2 Overflow)", "50", "gap 51-51 (1 Overflow)"]));
        Assert.That(_bus.Subscribe(Topic, Feeding.At(51)).Outcome, Is.EqualTo(ResumeOutcome.Resumed));
    }

    [Test]
    public void A_loss_comes_behind_a_gap_of_the_readers_own()
    {
        var reader = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        _feed.AppendMany(1, 2, 3);
        _feed.AppendGap(4, 5);
        _feed.Append(6);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "gap 2-3 (2 Overflow)", "gap 4-5 (2 Overflow)", "6"]));
    }

    [Test]
    public void What_waits_of_latest_wins_state_comes_before_a_loss_behind_it()
    {
        var reader = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, LatestWins = true });
        _feed.Append(1, SampleTypes.Progress.Name, new SampleTypes.Step("a", 1));
        _feed.Append(2, SampleTypes.Progress.Name, new SampleTypes.Step("a", 2));
        _feed.AppendGap(3, 4);
        _feed.Append(5, SampleTypes.Progress.Name, new SampleTypes.Step("b", 1));
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["2", "gap 3-4 (2 Overflow)", "5"]));
        Assert.That(reader.Superseded, Is.EqualTo(1));
    }

    [Test]
    public void A_reader_of_all_topics_is_told_behind_what_the_topic_had_before()
    {
        var reader = _bus.Subscribe(new SubscriptionOptions { Capacity = 4 });
        _feed.AppendMany(1, 2);
        _bus.Publish("b", "x");
        _feed.AppendGap(3, 4);
        _feed.Append(5);
        _bus.Publish("b", "x");
        Assert.That(reader.ReadAvailable().Where(static item => string.Equals(item.Topic, Topic, StringComparison.Ordinal)).Summaries(), Is.EqualTo(["1", "2", "gap 3-4 (2 Overflow)", "5"]));
    }

    [Test]
    public void A_reader_of_critical_types_is_told_unless_it_is_certain_that_none_was_lost()
    {
        var reader = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Types = [SampleTypes.Asked] });
        _feed.AppendGap(1, 2);
        _feed.AppendGap(3, 4, onlyNormal: true);
        _feed.Append(5, SampleTypes.Asked);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["gap 1-2 (2 Overflow)", "5"]));
        var resumed = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, From = Feeding.At(2), Types = [SampleTypes.Asked] });
        Assert.That(resumed.Outcome, Is.EqualTo(ResumeOutcome.Resumed));
        Assert.That(resumed.ReadAvailable().Summaries(), Is.EqualTo(["5"]));
        Assert.That(_bus.Subscribe(Topic, Feeding.At(2)).ReadAvailable().Summaries(), Is.EqualTo(["gap 3-4 (2 Overflow)", "5"]));
    }

    [Test]
    public void Of_a_loss_only_what_is_behind_the_newest_event_is_taken()
    {
        var reader = _bus.Subscribe(Topic);
        _feed.Append(5);
        Assert.That((_feed.AppendGap(2, 5), _feed.AppendGap(4, 7), _feed.AppendGap(4, 7)), Is.EqualTo((false, true, false)));
        Assert.That((_feed.Append(7), _feed.Append(8)), Is.EqualTo((false, true)), "What is lost never comes.");
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["5", "gap 6-7 (2 Overflow)", "8"]));
    }

    [Test]
    public void What_was_lost_elsewhere_and_what_was_evicted_here_are_one_gap_where_nothing_is_between()
    {
        _feed.AppendMany(1, 2);
        _feed.AppendGap(3, 6);
        _feed.AppendMany(11, 12, 13, 14, 15, 16, 17, 18);
        Assert.That(_bus.Subscribe(Topic, Feeding.At(0)).ReadAvailable().Summaries().First(), Is.EqualTo("gap 1-6 (6 Evicted)"));
        Assert.That(_bus.Subscribe(Topic, Feeding.At(4)).ReadAvailable().Summaries().First(), Is.EqualTo("gap 5-6 (2 Overflow)"));
    }

    [Test]
    public void A_reader_that_stands_still_is_told_of_all_that_was_lost_though_little_of_it_waits_for_it()
    {
        const int Count = 1_000;
        var reader = _bus.Subscribe(Topic);
        for (var i = 1; i <= Count; i++)
        {
            _feed.AppendGap(10 * i, (10 * i) + 4);
        }

        Assert.That(reader.Queue.Count, Is.Zero);
        var gap = (Gap)reader.ReadAvailable().Single().Data!;
        Assert.That((gap.From, gap.To, gap.Count), Is.EqualTo((10L, (10L * Count) + 4, 5L * Count)));
        Assert.That(_bus.Subscribe(Topic, Feeding.At(10 * (Count - 5))).ReadAvailable().Select(static item => ((Gap)item.Data!).Count), Is.EqualTo([29L]));
    }

    [TestCase(0, 1, 1, GapReason.Evicted)]
    [TestCase(3, 2, 1, GapReason.Evicted)]
    [TestCase(1, 2, 0, GapReason.Evicted)]
    [TestCase(1, 2, 1, (GapReason)9)]
    public void What_is_no_gap_is_refused(long from, long to, long count, GapReason reason) =>
        Assert.That(() => _feed.TryAppendGap(new Gap(from, to, count, reason)), Throws.ArgumentException.With.Message.Contains("is no gap"));

    [Test]
    public void More_is_never_counted_as_lost_than_there_is_room_for()
    {
        var reader = _bus.Subscribe(Topic);
        _feed.TryAppendGap(new Gap(1, 3, 99, GapReason.Overflow));
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["gap 1-3 (3 Overflow)"]));
    }
}
