using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Topics;

/// <summary>Resuming where the sequences were given elsewhere: they have holes, and a reader may have been further there.</summary>
internal sealed class FedResumeTests
{
    private const string Topic = Feeding.Topic;

    private EventBus _bus = null!; // Set before each test.

    [SetUp]
    public void Create() => _bus = SampleTypes.CreateBus(static options =>
    {
        options.History.Capacity = 4;
        options.History.CriticalCapacity = 3;
    });

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public void A_hole_is_no_gap_on_a_resume()
    {
        using var feed = _bus.OpenFeed();
        feed.AppendMany(3, 7, 8, 20);
        Resume(EventCursor.Start, ResumeOutcome.Resumed, "3", "7", "8", "20");
        Resume(Feeding.At(0), ResumeOutcome.Resumed, "3", "7", "8", "20");
        Resume(Feeding.At(5), ResumeOutcome.Resumed, "7", "8", "20");
        Resume(Feeding.At(19), ResumeOutcome.Resumed, "20");
    }

    [Test]
    public void Only_what_was_evicted_is_a_gap()
    {
        using var feed = _bus.OpenFeed();
        feed.AppendMany(3, 7, 8, 20, 30, 31);
        Resume(EventCursor.Start, ResumeOutcome.Gap, "gap 3-7 (2 Evicted)", "8", "20", "30", "31");
        Resume(Feeding.At(3), ResumeOutcome.Gap, "gap 4-7 (2 Evicted)", "8", "20", "30", "31");
        Resume(Feeding.At(7), ResumeOutcome.Resumed, "8", "20", "30", "31");
        Resume(Feeding.At(8), ResumeOutcome.Resumed, "20", "30", "31");
    }

    [Test]
    public void Between_critical_events_that_outlived_others_there_is_a_gap_only_where_something_was()
    {
        using var feed = _bus.OpenFeed();
        feed.Append(5, SampleTypes.Asked);
        feed.Append(9, SampleTypes.Asked);
        feed.Append(12);
        feed.Append(15, SampleTypes.Asked);
        feed.AppendMany(20, 21, 22, 23);
        Resume(EventCursor.Start, ResumeOutcome.Gap, "5", "9", "gap 12-12 (1 Evicted)", "15", "20", "21", "22", "23");
    }

    [Test]
    public void Who_resumes_from_before_the_feed_is_told_once_of_what_is_not_here()
    {
        using var feed = _bus.OpenFeed(behind: 100);
        Resume(Feeding.At(40), ResumeOutcome.Gap, "gap 41-100 (60 Evicted)");
        feed.AppendMany(101, 105);
        var reader = Resume(Feeding.At(40), ResumeOutcome.Gap, "gap 41-100 (60 Evicted)", "101", "105");
        Assert.That((reader.Dropped, reader.Delivered), Is.EqualTo((60L, 2L)));
        feed.Append(106);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["106"]));
        Resume(EventCursor.Start, ResumeOutcome.Gap, "gap 1-100 (100 Evicted)", "101", "105", "106");
        Resume(Feeding.At(100), ResumeOutcome.Resumed, "101", "105", "106");
    }

    [Test]
    public void Who_wants_only_critical_types_is_told_of_what_came_before_the_feed()
    {
        using var feed = _bus.OpenFeed(behind: 100);
        feed.Append(101, SampleTypes.Asked);
        using var _ = feed;
        var reader = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, From = Feeding.At(40), Types = [SampleTypes.Asked] });
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["gap 41-100 (60 Evicted)", "101"]), "A critical one may have been among them.");
    }

    [Test]
    public void A_fresh_connect_is_owed_nothing_from_before_it()
    {
        using var feed = _bus.OpenFeed(behind: 100);
        var reader = _bus.Subscribe(Topic);
        Assert.That((reader.Outcome, reader.Cursor), Is.EqualTo((ResumeOutcome.Fresh, Feeding.At(100))));
        feed.AppendMany(103, 104);
        feed.AppendGap(105, 106);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["103", "104", "gap 105-106 (2 Overflow)"]));
        Assert.That(_bus.Subscribe(Topic).ReadAvailable().Summaries(), Is.EqualTo(["103", "104"]));
    }

    [Test]
    public void A_reader_that_was_further_elsewhere_gets_what_is_behind_its_cursor_once_it_comes()
    {
        using var feed = _bus.OpenFeed();
        feed.AppendMany(1, 2);
        var reader = Resume(Feeding.At(6), ResumeOutcome.Resumed);
        Assert.That(reader.Cursor, Is.EqualTo(Feeding.At(6)));
        feed.AppendMany(3, 4, 6);
        Assert.That(reader.ReadAvailable(), Is.Empty);
        Assert.That((reader.Cursor, reader.Filtered, reader.Checkpoint()), Is.EqualTo(((EventCursor?)Feeding.At(6), 0L, (EventCursor?)Feeding.At(6))));
        feed.AppendMany(7, 9);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["7", "9"]));
        Assert.That((reader.Cursor, reader.Delivered), Is.EqualTo(((EventCursor?)Feeding.At(9), 2L)));
    }

    [Test]
    public void A_reader_that_was_further_elsewhere_is_told_of_losses_behind_its_cursor_only()
    {
        using var feed = _bus.OpenFeed();
        var reader = Resume(Feeding.At(6), ResumeOutcome.Resumed);
        feed.AppendGap(1, 3);
        feed.AppendGap(5, 9);
        feed.Append(10);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["gap 7-9 (3 Overflow)", "10"]));
        Assert.That(reader.Dropped, Is.EqualTo(3));
    }

    [Test]
    public void A_reader_that_was_further_elsewhere_ends_when_the_topic_does()
    {
        using var feed = _bus.OpenFeed();
        var reader = Resume(Feeding.At(6), ResumeOutcome.Resumed);
        feed.Append(5, SampleTypes.Completed);
        Assert.That(reader.ReadAvailable(), Is.Empty);
        Assert.That(reader.EndReason, Is.EqualTo(EndReason.Completed));
    }

    [Test]
    public void Where_a_filter_elsewhere_held_events_back_the_head_moves_on_and_nothing_is_lost()
    {
        using var feed = _bus.OpenFeed();
        feed.Append(3);
        var reader = Resume(Feeding.At(0), ResumeOutcome.Resumed, "3");
        Assert.That((feed.TryAdvance(8), feed.TryAdvance(8), feed.TryAdvance(2)), Is.EqualTo((true, false, false)));
        Assert.That((reader.ReadAvailable().Count, reader.Checkpoint()), Is.EqualTo((0, (EventCursor?)Feeding.At(8))));
        Resume(Feeding.At(8), ResumeOutcome.Resumed);
        Assert.That((feed.Append(8), feed.Append(9)), Is.EqualTo((false, true)));
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["9"]));
    }

    [Test]
    public void A_slow_reader_is_told_of_what_it_drops_and_loses_no_critical_event()
    {
        using var feed = _bus.OpenFeed();
        var reader = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        feed.AppendMany(2, 4, 6);
        feed.Append(8, SampleTypes.Asked);
        feed.Append(10, SampleTypes.Asked);
        feed.Append(12, SampleTypes.Asked);
        Assert.That(reader.IsLagging, Is.True);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["2", "gap 4-6 (2 Overflow)", "8", "10", "12"]));
        Assert.That((reader.Dropped, reader.Delivered, reader.IsLagging), Is.EqualTo((2L, 4L, false)));
    }

    [Test]
    public void A_lagging_reader_ends_when_a_critical_event_that_it_needs_is_evicted()
    {
        using var feed = _bus.OpenFeed();
        var reader = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        for (var i = 1; i <= 12; i++)
        {
            feed.Append(10 * i, SampleTypes.Asked);
        }

        Assert.That(reader.EndReason, Is.EqualTo(EndReason.SlowConsumer));
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["10", "20"]));
        var again = Resume(reader.Cursor!.Value, ResumeOutcome.Gap, "gap 21-50 (5 Evicted)", "60", "70", "80", "90", "100", "110", "120");
        Assert.That(again.EndReason, Is.Null);
    }

    private EventSubscription Resume(EventCursor from, ResumeOutcome outcome, params string[] expected)
    {
        var reader = _bus.Subscribe(Topic, from);
        Assert.That(reader.Outcome, Is.EqualTo(outcome));
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(expected));
        return reader;
    }
}
