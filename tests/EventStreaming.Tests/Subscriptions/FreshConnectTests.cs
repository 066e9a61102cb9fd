using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class FreshConnectTests : BusFixture
{
    protected override void Configure(EventStreamingOptions options) => options.History.Capacity = 16;

    [Test]
    public void It_gets_earlier_events_only_of_the_types_that_are_replayed()
    {
        Bus.Publish(Topic, SampleTypes.Started);
        Bus.Publish(Topic, SampleTypes.Iteration);
        Bus.Publish(Topic, SampleTypes.Delta);
        Bus.Publish(Topic, SampleTypes.Asked);
        var reader = Bus.Subscribe(Topic);
        Bus.Publish(Topic, SampleTypes.Started);
        Bus.Publish(Topic, SampleTypes.Iteration);

        Assert.That(reader.Outcome, Is.EqualTo(ResumeOutcome.Fresh));
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["3", "4", "5", "6"]), "Live, it gets all.");
        Assert.That(reader.Filtered, Is.EqualTo(2));
    }

    [Test]
    public void Of_what_newer_events_replace_it_gets_the_newest_of_each_key()
    {
        Progress("a", 10);
        Progress("b", 10);
        Bus.Publish(Topic, SampleTypes.Delta);
        Progress("a", 20);
        Bus.Publish(Topic, new EventDraft(SampleTypes.Progress.Name, new SampleTypes.Step("a", 30)) { RunId = "run-2" });
        Progress("a", 40);
        var reader = Bus.Subscribe(Topic);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["2", "3", "5", "6"]));
        Progress("a", 50);
        Progress("a", 60);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["7", "8"]), "Live, it gets all.");
    }

    [Test]
    public void The_newest_of_a_key_is_the_newest_that_its_filter_lets_through()
    {
        Progress("a", 10);
        Bus.Publish(Topic, new EventDraft(SampleTypes.Progress.Name, new SampleTypes.Step("a", 20)) { CorrelationId = "other" });
        Bus.Publish(Topic, new EventDraft(SampleTypes.Progress.Name, new SampleTypes.Step("a", 25)) { CorrelationId = "this" });
        Bus.Publish(Topic, new EventDraft(SampleTypes.Progress.Name, new SampleTypes.Step("a", 30)) { CorrelationId = "this" });
        Progress("a", 40);
        var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, CorrelationId = "this" });
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["4"]));
    }

    [Test]
    public void A_state_that_is_replaced_behind_the_end_of_the_stream_is_still_replayed([Values] bool byTerminal)
    {
        Bus.PublishMany(Topic, SampleTypes.Delta, 8);
        Progress("a", 50);
        if (byTerminal)
        {
            Bus.Publish(Topic, SampleTypes.Completed);
        }

        var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 4 });
        Assert.That(reader.IsLagging, Is.True);
        Bus.StopReaders();
        Progress("a", 51);

        Assert.That(reader.ReadAvailable().Where(static item => item.Data is SampleTypes.Step).Sequences(), Is.EqualTo([9L]));
        Assert.That(reader.EndReason, Is.EqualTo(byTerminal ? EndReason.Completed : EndReason.HostStopping));
    }

    [Test]
    public void It_is_not_told_of_what_was_evicted_before_it_came()
    {
        Bus.PublishMany(Topic, SampleTypes.Delta, 20);
        var reader = Bus.Subscribe(Topic);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo(Enumerable.Range(5, 16)));
        Assert.That(reader.Dropped, Is.Zero);
    }

    [Test]
    public void What_is_evicted_while_it_is_being_replayed_is_not_a_gap_but_what_comes_later_is()
    {
        Bus.PublishMany(Topic, SampleTypes.Delta, 10);
        var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        Bus.PublishMany(Topic, SampleTypes.Delta, 20);
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(
            ["1", "2", "gap 11-14 (4 Evicted)", .. Enumerable.Range(15, 16).Select(static i => $"{i}")]));
    }

    [Test]
    public void A_topic_nobody_published_to_yet_is_waited_for()
    {
        var reader = Bus.Subscribe(Topic);
        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.Cursor!.Value.Sequence, Is.Zero);
        Bus.Publish(Topic, SampleTypes.Iteration);
        Assert.That(reader.ReadOne().Sequence, Is.EqualTo(1));
    }

    [Test]
    public void It_has_no_cursor_until_its_reader_has_got_something_to_go_on_from()
    {
        Bus.PublishMany(Topic, SampleTypes.Delta, 3);
        var reader = Bus.Subscribe(Topic);
        Assert.That(reader.Cursor, Is.Null, "A resume from the head would miss the replay.");
        reader.ReadOne();
        Assert.That(reader.Cursor!.Value.Sequence, Is.EqualTo(1));
    }

    private void Progress(string item, int percent) => Bus.Publish(Topic, SampleTypes.Progress, new SampleTypes.Step(item, percent));
}
