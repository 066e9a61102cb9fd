using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class ResumeTests : BusFixture
{
    protected override void Configure(EventStreamingOptions options) => options.History.Capacity = 4;

    [Test]
    public void A_cursor_brings_exactly_what_is_behind_it_whatever_its_type()
    {
        Bus.Publish(Topic, SampleTypes.Delta);
        var place = Bus.Publish(Topic, SampleTypes.Delta).Cursor;
        Bus.Publish(Topic, SampleTypes.Iteration);
        var progress = Bus.Publish(Topic, SampleTypes.Progress, new("a", 1));
        Bus.Publish(Topic, SampleTypes.Progress, new("a", 2));
        var reader = Resume(place, ResumeOutcome.Resumed, "3", "4", "5");
        Assert.That(reader.Cursor, Is.EqualTo(Bus.FindTopic(Topic)!.Head));
        Resume(progress.Cursor, ResumeOutcome.Resumed, "5");
    }

    [Test]
    public void A_cursor_at_the_newest_event_brings_nothing_until_there_is_more()
    {
        Bus.PublishMany(Topic, SampleTypes.Delta, 3);
        var reader = Resume(Bus.FindTopic(Topic)!.Head, ResumeOutcome.Resumed);
        Assert.That(reader.Cursor, Is.EqualTo(Bus.FindTopic(Topic)!.Head));
        Bus.PublishMany(Topic, SampleTypes.Delta, 1);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["4"]));
    }

    [Test]
    public void A_cursor_before_the_first_event_brings_all_there_ever_were()
    {
        Bus.PublishMany(Topic, SampleTypes.Iteration, 3);
        Resume(new EventCursor(Bus.FindTopic(Topic)!.Head.EpochToken, 0), ResumeOutcome.Resumed, "1", "2", "3");
    }

    [Test]
    public void Resume_after_eviction_reports_the_gap_before_the_first_event()
    {
        var place = Bus.Publish(Topic, SampleTypes.Delta).Cursor;
        Bus.PublishMany(Topic, SampleTypes.Delta, 8);
        var reader = Resume(place, ResumeOutcome.Gap, "gap 2-5 (4 Evicted)", "6", "7", "8", "9");
        Assert.That((reader.Delivered, reader.Dropped), Is.EqualTo((4L, 4L)));
    }

    [Test]
    public void Right_at_the_edge_of_what_is_held_nothing_is_missing()
    {
        Bus.PublishMany(Topic, SampleTypes.Delta, 9);
        var epoch = Bus.FindTopic(Topic)!.Head.EpochToken;
        Resume(new EventCursor(epoch, 5), ResumeOutcome.Resumed, "6", "7", "8", "9");
        Resume(new EventCursor(epoch, 4), ResumeOutcome.Gap, "gap 5-5 (1 Evicted)", "6", "7", "8", "9");
    }

    [Test]
    public void Each_hole_between_critical_events_that_outlived_others_is_told()
    {
        Bus.PublishMany(Topic, SampleTypes.Delta, 2);
        Bus.Publish(Topic, SampleTypes.Asked);
        Bus.PublishMany(Topic, SampleTypes.Delta, 2);
        Bus.Publish(Topic, SampleTypes.Asked);
        Bus.PublishMany(Topic, SampleTypes.Delta, 5);
        Resume(EventCursor.Start, ResumeOutcome.Gap, "gap 1-2 (2 Evicted)", "3", "gap 4-5 (2 Evicted)", "6", "gap 7-7 (1 Evicted)", "8", "9", "10", "11");
    }

    [Test]
    public void Who_wants_only_critical_types_misses_nothing_when_others_are_evicted()
    {
        var place = Bus.Publish(Topic, SampleTypes.Asked).Cursor;
        Bus.PublishMany(Topic, SampleTypes.Delta, 9);
        Bus.Publish(Topic, SampleTypes.Asked);
        var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, From = place, Types = [SampleTypes.Asked] });
        Assert.That(reader.Outcome, Is.EqualTo(ResumeOutcome.Resumed));
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["11"]));
    }

    [Test]
    public void A_topic_that_began_anew_is_told_and_read_from_its_oldest_event()
    {
        Bus.PublishMany(Topic, SampleTypes.Delta, 3);
        var before = Bus.FindTopic(Topic)!.Head;
        Bus.CloseTopic(Topic);
        Bus.Publish(Topic, SampleTypes.Iteration);
        Bus.Publish(Topic, SampleTypes.Delta);
        Resume(before, ResumeOutcome.EpochChanged, "open EpochChanged", "1", "2");
    }

    [Test]
    public void A_topic_that_began_anew_and_forgot_its_beginning_is_told_as_both()
    {
        var before = Bus.Publish(Topic, SampleTypes.Delta).Cursor;
        Bus.CloseTopic(Topic);
        Bus.PublishMany(Topic, SampleTypes.Delta, 6);
        Resume(before, ResumeOutcome.EpochChanged, "open EpochChanged", "gap 1-2 (2 Evicted)", "3", "4", "5", "6");
    }

    [Test]
    public async Task A_restart_is_told_as_a_changed_epoch()
    {
        EventCursor before;
        await using (var earlier = SampleTypes.CreateBus())
        {
            before = earlier.Publish(Topic, SampleTypes.Delta).Cursor;
        }

        Bus.PublishMany(Topic, SampleTypes.Delta, 2);
        Assert.That(EventCursor.TryParse(before.ToString(), out var parsed), Is.True);
        Resume(parsed, ResumeOutcome.EpochChanged, "open EpochChanged", "1", "2");
    }

    [Test]
    public void A_cursor_ahead_of_the_newest_event_is_told_and_goes_on_as_a_fresh_connect()
    {
        Bus.Publish(Topic, SampleTypes.Delta);
        Bus.Publish(Topic, SampleTypes.Iteration);
        var head = Bus.FindTopic(Topic)!.Head;
        Resume(new EventCursor(head.EpochToken, head.Sequence + 1), ResumeOutcome.Ahead, "open Ahead", "1");
        Resume(new EventCursor(head.EpochToken, long.MaxValue), ResumeOutcome.Ahead, "open Ahead", "1");
    }

    [Test]
    public void The_epoch_of_another_topic_is_unknown_and_goes_on_as_a_fresh_connect()
    {
        var other = Bus.Publish("session-2", SampleTypes.Delta).Cursor;
        Bus.Publish(Topic, SampleTypes.Delta);
        Bus.Publish(Topic, SampleTypes.Iteration);
        Resume(other, ResumeOutcome.Unknown, "open Unknown", "1");
    }

    [TestCase("abc-1")]
    [TestCase("start-0")]
    [TestCase("zzzzzzzzzzzzzzzzzzzzzzzz-7", Description = "As long as a real one.")]
    public void A_cursor_of_no_topic_is_unknown_and_goes_on_as_a_fresh_connect(string text)
    {
        Bus.Publish(Topic, SampleTypes.Delta);
        Bus.Publish(Topic, SampleTypes.Iteration);
        Assert.That(EventCursor.TryParse(text, out var cursor), Is.True);
        Resume(cursor, ResumeOutcome.Unknown, "open Unknown", "1");
        Resume(default(EventCursor), ResumeOutcome.Unknown, "open Unknown", "1");
    }

    [Test]
    public void From_the_start_everything_held_is_read_whatever_its_type()
    {
        Bus.Publish(Topic, SampleTypes.Iteration);
        Bus.Publish(Topic, SampleTypes.Delta);
        Resume(EventCursor.Start, ResumeOutcome.Resumed, "1", "2");
        Bus.PublishMany(Topic, SampleTypes.Delta, 4);
        Resume(EventCursor.Start, ResumeOutcome.Gap, "gap 1-2 (2 Evicted)", "3", "4", "5", "6");
    }

    [Test]
    public void From_the_end_only_what_comes_from_now_on_is_read()
    {
        Bus.PublishMany(Topic, SampleTypes.Delta, 9);
        var reader = Resume(EventCursor.End, ResumeOutcome.Fresh);
        Assert.That(reader.Cursor, Is.EqualTo(Bus.FindTopic(Topic)!.Head), "From where it may be resumed.");
        Bus.PublishMany(Topic, SampleTypes.Delta, 1);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["10"]));
    }

    [Test]
    public void The_opening_says_where_it_begins_and_which_types_were_ignored()
    {
        var other = Bus.Publish("session-2", SampleTypes.Delta).Cursor;
        Bus.CloseTopic("session-2");
        Bus.Publish("session-2", SampleTypes.Delta);
        var reader = Bus.Subscribe(new SubscriptionOptions { Topic = "session-2", From = other, IgnoredTypes = ["nonsense"] });
        var opening = reader.ReadOne();

        Assert.That((opening.Type, opening.IsControl), Is.EqualTo((ControlEvents.Open, true)));
        var data = (StreamOpening)opening.Data!;
        Assert.That((data.Outcome, data.IgnoredTypes), Is.EqualTo((ResumeOutcome.EpochChanged, (IReadOnlyList<string>)["nonsense"])));
        Assert.That(data.Cursor, Is.EqualTo($"{Bus.FindTopic("session-2")!.Head.EpochToken}-0"));
        Assert.That(data.Head, Is.EqualTo(Bus.FindTopic("session-2")!.Head.ToString()));
        Assert.That(reader.Delivered, Is.Zero, "Nobody published it.");
    }

    private EventSubscription Resume(EventCursor from, ResumeOutcome outcome, params string[] expected)
    {
        var reader = Bus.Subscribe(Topic, from);
        Assert.That(reader.Outcome, Is.EqualTo(outcome));
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(expected));
        return reader;
    }
}
