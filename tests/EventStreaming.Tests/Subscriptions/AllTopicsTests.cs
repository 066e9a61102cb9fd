using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class AllTopicsTests
{
    private ManualTimeProvider _clock = null!; // Set before each test.
    private EventBus _bus = null!;

    [SetUp]
    public void Create()
    {
        _clock = new ManualTimeProvider();
        _bus = SampleTypes.CreateBus(null, _clock);
    }

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public void It_gets_the_events_of_topics_that_exist_and_of_those_that_come()
    {
        _bus.Publish("a", SampleTypes.Delta);
        var reader = Subscribe();
        _bus.Publish("b", SampleTypes.Delta);
        _bus.Publish("a", SampleTypes.Delta);
        Assert.That(ReadPlaces(reader), Is.EquivalentTo(["a1", "b1", "a2"]));
        Assert.That(reader.Cursor, Is.Null);
    }

    [Test]
    public void A_fresh_connect_gets_of_the_past_what_is_replayed_and_of_new_topics_all()
    {
        _bus.Publish("a", SampleTypes.Iteration);
        _bus.Publish("a", SampleTypes.Delta);
        var reader = Subscribe();
        _bus.Publish("b", SampleTypes.Iteration);
        Assert.That(ReadPlaces(reader), Is.EquivalentTo(["a2", "b1"]));
    }

    [Test]
    public void From_the_start_it_gets_everything_and_from_the_end_what_comes()
    {
        _bus.Publish("a", SampleTypes.Iteration);
        var fromStart = Subscribe(static options => options.From = EventCursor.Start);
        var fromEnd = Subscribe(static options => options.From = EventCursor.End);
        _bus.Publish("a", SampleTypes.Delta);
        _bus.Publish("b", SampleTypes.Iteration);
        Assert.That(ReadPlaces(fromStart), Is.EquivalentTo(["a1", "a2", "b1"]));
        Assert.That(ReadPlaces(fromEnd), Is.EquivalentTo(["a2", "b1"]));
    }

    [Test]
    public void A_place_in_one_topic_is_no_place_in_all() =>
        Assert.That(
            () => Subscribe(static options => options.From = new EventCursor("abc", 7)),
            Throws.ArgumentException.With.Message.Contains("'abc-7'").And.Message.Contains("set Topic"));

    [Test]
    public void Too_slow_for_critical_events_it_lags_and_catches_up_in_each_topic()
    {
        var reader = Subscribe(static options => options.Capacity = 2);
        for (var i = 0; i < 700; i++)
        {
            _bus.Publish($"{i % 3}", SampleTypes.Asked);
        }

        Assert.That((reader.IsLagging, reader.Queued), Is.EqualTo((true, 2L)));
        AssertOrder(ReadPerTopic(reader), 234, 233, 233);
        Assert.That((reader.IsLagging, reader.Dropped), Is.EqualTo((false, 0L)));
        _bus.Publish("0", SampleTypes.Asked);
        Assert.That(reader.ReadOne().Sequence, Is.EqualTo(235));
    }

    [Test]
    public void Dropped_events_are_told_by_a_gap_in_each_topic()
    {
        var reader = Subscribe(static options => options.Capacity = 3);
        _bus.PublishMany("a", SampleTypes.Delta, 4);
        _bus.PublishMany("b", SampleTypes.Delta, 3);
        var perTopic = ReadPerTopic(reader);
        Assert.That(perTopic["a"].Summaries(), Is.EqualTo(["1", "2", "gap 3-4 (2 Overflow)"]));
        Assert.That(perTopic["b"].Summaries(), Is.EqualTo(["gap 1-3 (3 Overflow)"]));
    }

    [Test]
    [Category("Concurrency")]
    public async Task Per_topic_order_holds_while_topics_come_and_many_publish([Values(2, 64)] int capacity)
    {
        const int PerTopic = 1_500;
        var reader = Subscribe(options => options.Capacity = capacity);
        var publishing = Task.WhenAll(Enumerable.Range(0, 3).Select(topic => Task.Run(() => _bus.PublishMany($"{topic}", SampleTypes.Asked, PerTopic))));
        var reading = Task.Run(async () =>
        {
            var perTopic = new Dictionary<string, List<StreamEvent>>(StringComparer.Ordinal);
            var (buffer, count) = (new StreamEvent[16], 0);
            while (count < 3 * PerTopic)
            {
                var read = await reader.ReadAsync(buffer);
                count += read;
                foreach (var item in buffer.Take(read))
                {
                    Add(perTopic, item);
                }
            }

            return perTopic;
        });
        await publishing.WithinSafetyAsync();
        AssertOrder(await reading.WithinSafetyAsync(), PerTopic, PerTopic, PerTopic);
    }

    [Test]
    public void Idle_topics_are_evicted_under_it_and_come_back_as_new()
    {
        var reader = Subscribe();
        _bus.Publish("a", SampleTypes.Delta);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.That((_bus.TopicCount, reader.EndReason), Is.EqualTo((0, (EndReason?)null)));
        _bus.Publish("a", SampleTypes.Delta);
        Assert.That(ReadPlaces(reader), Is.EqualTo(["a1", "a1"]));
    }

    [Test]
    public void The_end_or_close_of_one_topic_is_not_its_end()
    {
        var reader = Subscribe();
        _bus.Publish("a", SampleTypes.Completed);
        _bus.Publish("b", SampleTypes.Delta);
        _bus.CloseTopic("b");
        _bus.Publish("c", SampleTypes.Delta);
        Assert.That(ReadPlaces(reader), Is.EquivalentTo(["a1", "b1", "c1"]));
        Assert.That(reader.EndReason, Is.Null);
    }

    [Test]
    public void What_it_missed_of_a_topic_since_closed_is_read_to_its_end()
    {
        var reader = Subscribe(static options => options.Capacity = 2);
        _bus.PublishMany("a", SampleTypes.Asked, 9);
        _bus.CloseTopic("a");
        _bus.Publish("b", SampleTypes.Asked);
        AssertOrder(ReadPerTopic(reader), 9, 1);
    }

    [Test]
    public async Task A_stopping_host_ends_it_when_it_has_read_what_it_missed()
    {
        var reader = Subscribe(static options => options.Capacity = 2);
        _bus.PublishMany("a", SampleTypes.Asked, 9);
        _bus.PublishMany("b", SampleTypes.Asked, 9);
        _bus.StopReaders();
        _bus.Publish("c", SampleTypes.Asked);
        Assert.That(reader.EndReason, Is.Null);
        var items = await reader.ReadToEndAsync();
        Assert.That(items.Select(static item => item.Topic).Distinct(StringComparer.Ordinal), Is.EquivalentTo(["a", "b"]), "Nothing of topics made since.");
        Assert.That(items, Has.Count.EqualTo(18));
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
    }

    [Test]
    public async Task A_stopping_host_ends_it_at_once_when_there_are_no_topics()
    {
        var reader = Subscribe();
        _bus.StopReaders();
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
    }

    [Test]
    public async Task Disposed_it_is_offered_nothing_more_by_any_topic()
    {
        var reader = Subscribe();
        _bus.Publish("a", SampleTypes.Delta);
        await reader.DisposeAsync();
        _bus.Publish("b", SampleTypes.Delta);
        Assert.That(_bus.Topics.Select(static topic => topic.Subscriptions), Is.EqualTo([0, 0]));
        Assert.That(_bus.SubscriptionCount, Is.Zero);
    }

    private static void AssertOrder(Dictionary<string, List<StreamEvent>> perTopic, params int[] counts)
    {
        Assert.That(perTopic.OrderBy(static pair => pair.Key, StringComparer.Ordinal).Select(static pair => pair.Value.Count), Is.EqualTo(counts));
        foreach (var items in perTopic.Values)
        {
            Assert.That(items.Sequences(), Is.EqualTo(Enumerable.Range(1, items.Count)));
        }
    }

    private static IEnumerable<string> ReadPlaces(EventSubscription reader) => reader.ReadAvailable().Select(static item => $"{item.Topic}{item.Sequence}");

    private static Dictionary<string, List<StreamEvent>> ReadPerTopic(EventSubscription reader)
    {
        var perTopic = new Dictionary<string, List<StreamEvent>>(StringComparer.Ordinal);
        foreach (var item in reader.ReadAvailable())
        {
            Add(perTopic, item);
        }

        return perTopic;
    }

    private static void Add(Dictionary<string, List<StreamEvent>> perTopic, StreamEvent item)
    {
        perTopic.TryAdd(item.Topic, []);
        perTopic[item.Topic].Add(item);
    }

    private EventSubscription Subscribe(Action<SubscriptionOptions>? configure = null)
    {
        var options = new SubscriptionOptions();
        configure?.Invoke(options);
        return _bus.Subscribe(options);
    }
}
