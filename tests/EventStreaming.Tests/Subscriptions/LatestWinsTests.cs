using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class LatestWinsTests : BusFixture
{
    [Test]
    public void A_slow_reader_gets_only_the_newest_of_each_key()
    {
        var reader = Subscribe();
        for (var percent = 1; percent <= 42; percent++)
        {
            Progress("a", percent);
        }

        Assert.That(reader.ReadAvailable().Select(Percent), Is.EqualTo([42]));
        Assert.That((reader.Delivered, reader.Superseded, reader.Dropped), Is.EqualTo((1L, 41L, 0L)), "Skipped is not lost: no gap.");
    }

    [Test]
    public void A_fast_reader_gets_all()
    {
        var reader = Subscribe();
        for (var percent = 1; percent <= 42; percent++)
        {
            Progress("a", percent);
            Assert.That(Percent(reader.ReadOne()), Is.EqualTo(percent));
        }

        Assert.That(reader.Superseded, Is.Zero);
    }

    [Test]
    public void Keys_are_type_source_run_and_what_the_payload_adds()
    {
        var reader = Subscribe();
        for (var percent = 1; percent <= 2; percent++)
        {
            Progress("a", percent);
            Progress("b", percent);
            Bus.Publish(Topic, new EventDraft(SampleTypes.Progress.Name, new SampleTypes.Step("a", percent)) { Source = "queen" });
            Bus.Publish(Topic, new EventDraft(SampleTypes.Progress.Name, new SampleTypes.Step("a", percent)) { RunId = "run-1" });
        }

        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([5L, 6L, 7L, 8L]));
    }

    [Test]
    public void Newest_ones_come_in_sequence_order_among_the_other_events()
    {
        var reader = Subscribe();
        Progress("a", 1);
        Bus.Publish(Topic, SampleTypes.Delta);
        Progress("b", 1);
        Bus.Publish(Topic, SampleTypes.Asked);
        Progress("a", 2);
        Bus.Publish(Topic, SampleTypes.Delta);
        Progress("c", 1);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([2L, 3L, 4L, 5L, 6L, 7L]));
    }

    [Test]
    public void Whatever_is_read_when_it_is_in_sequence_order_and_ends_with_the_newest_of_each_key([Values(1, 2, 3, 4)] int seed, [Values(4, 1_024)] int capacity)
    {
        var random = new Random(seed);
        var reader = Subscribe(capacity);
        var newest = new Dictionary<string, int>(StringComparer.Ordinal);
        var read = new List<StreamEvent>();
        for (var i = 0; i < 2_000; i++)
        {
            switch (random.Next(4))
            {
                case 0:
                    Bus.Publish(Topic, SampleTypes.Delta);
                    break;
                case 1:
                    Bus.Publish(Topic, random.Next(20) == 0 ? SampleTypes.Asked : SampleTypes.Delta);
                    break;
                case 2:
                    var item = $"{random.Next(3)}";
                    newest[item] = i;
                    Progress(item, i);
                    break;
                default:
                    if (reader.TryRead(out var one))
                    {
                        read.Add(one);
                    }

                    break;
            }
        }

        read.AddRange(reader.ReadAvailable());
        Assert.That(read.Sequences(), Is.Ordered.Ascending);
        Assert.That(read.Where(static item => !item.IsControl).Sequences(), Is.Unique);
        Assert.That(
            read.Zip(read.Skip(1)).Where(static pair => pair.Second.Data is Gap gap && gap.From <= pair.First.Sequence).Select(static pair => pair.Second.Data),
            Is.Empty,
            "A gap comes before the event behind the first one it lost.");
        Assert.That(read.Count(static item => item.IsCritical), Is.EqualTo(CriticalPublished()), "None of these is ever skipped.");
        var told = read.Sum(static item => (item.Data as Gap)?.Count ?? 0);
        Assert.That(told, Is.EqualTo(reader.Dropped));
        Assert.That(reader.Delivered + reader.Dropped + reader.Superseded, Is.EqualTo(Bus.FindTopic(Topic)!.Head.Sequence));
        if (capacity > 4)
        {
            var last = read.Where(static item => item.Data is SampleTypes.Step).GroupBy(static item => ((SampleTypes.Step)item.Data!).Item, StringComparer.Ordinal);
            Assert.That(last.ToDictionary(static group => group.Key, static group => Percent(group.Last()), StringComparer.Ordinal), Is.EqualTo(newest));
        }

        int CriticalPublished() => Bus.Subscribe(Topic, EventCursor.Start).ReadAvailable().Count(static item => item.IsCritical);
    }

    [Test]
    public async Task A_reader_that_waits_is_woken()
    {
        var reader = Subscribe();
        var reading = reader.ReadAsync(new StreamEvent[4]).AsTask();
        Progress("a", 1);
        Assert.That(await reading.WithinSafetyAsync(), Is.EqualTo(1));
    }

    [Test]
    public async Task What_waits_is_read_when_the_topic_ends([Values] bool closed)
    {
        var reader = Subscribe();
        Progress("a", 1);
        Progress("a", 2);
        if (closed)
        {
            Bus.CloseTopic(Topic);
        }
        else
        {
            Bus.Publish(Topic, SampleTypes.Completed);
        }

        Assert.That((await reader.ReadToEndAsync()).Sequences(), Is.EqualTo(Enumerable.Range(2, closed ? 1 : 2)));
    }

    [Test]
    public void Keys_without_number_take_no_room_without_end()
    {
        var reader = Subscribe(capacity: 8);
        for (var i = 0; i < 100; i++)
        {
            Progress($"{i}", 1);
        }

        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["1", "2", "3", "4", "5", "6", "7", "gap 8-100 (93 Overflow)"]));
    }

    [Test]
    public void A_reader_that_never_catches_up_still_sees_a_state_that_always_changes()
    {
        const int Rounds = 300;
        var reader = Subscribe(capacity: 8);
        var seen = new List<(int Round, StreamEvent Item)>();
        for (var round = 1; round <= Rounds; round++)
        {
            Bus.PublishMany(Topic, SampleTypes.Delta, 3);
            Progress("a", round);
            seen.Add((round, reader.ReadOne()));
        }

        var states = seen.FindAll(static read => read.Item.Data is SampleTypes.Step);
        Assert.That(states, Has.Count.GreaterThan(Rounds / 50));
        Assert.That(states.ConvertAll(static read => read.Round - Percent(read.Item)), Has.All.LessThan(30), "It waits no longer than two channels of other events are long.");
        var rest = reader.ReadAvailable();
        Assert.That(rest.Where(static item => item.Data is SampleTypes.Step).Select(Percent).ToList(), Has.Count.LessThanOrEqualTo(2).And.Contains(Rounds));
        Assert.That(seen.Select(static read => read.Item).Concat(rest).Sequences(), Is.Ordered.Ascending);
        Assert.That(reader.Delivered + reader.Superseded + reader.Dropped, Is.EqualTo(4 * Rounds));
        Assert.That(reader.Queued, Is.Zero, "Room that was taken is given back.");
    }

    [Test]
    public async Task When_catching_up_too_only_the_newest_is_read()
    {
        for (var percent = 1; percent <= 50; percent++)
        {
            Progress("a", percent);
            Progress("b", percent);
        }

        await using var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, From = EventCursor.Start, LatestWins = true });
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([99L, 100L]));
        Assert.That(reader.Superseded, Is.EqualTo(98));
    }

    [Test]
    public void Without_the_mode_a_reader_gets_each()
    {
        var reader = Bus.Subscribe(Topic);
        Progress("a", 1);
        Progress("a", 2);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1L, 2L]));
    }

    [Test]
    public void All_topics_at_once_have_no_such_mode() =>
        Assert.That(
            () => Bus.Subscribe(new SubscriptionOptions { LatestWins = true }),
            Throws.ArgumentException.With.Message.Contains("LatestWins needs one Topic").And.Message.Contains("set Topic"));

    private static int Percent(StreamEvent item) => ((SampleTypes.Step)item.Data!).Percent;

    private void Progress(string item, int percent) => Bus.Publish(Topic, SampleTypes.Progress, new SampleTypes.Step(item, percent));

    private EventSubscription Subscribe(int capacity = 1_024) =>
        Bus.Subscribe(new SubscriptionOptions { Topic = Topic, LatestWins = true, Capacity = capacity });
}
