using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

/// <summary>
/// A noisy topic never leaves the channel of a reader of all topics empty. A quiet one that waits for its reader to come is served all the
/// same, as soon as what was written before has been read.
/// </summary>
internal sealed class StarvationTests
{
    private const int Capacity = 4;
    private const int Patience = 20;

    private EventBus _bus = null!; // Both made anew for each test.
    private EventSubscription _reader = null!;

    [SetUp]
    public void Create()
    {
        _bus = SampleTypes.CreateBus();
        _reader = _bus.Subscribe(new SubscriptionOptions { Capacity = Capacity, CriticalReserve = 1 });
    }

    [TearDown]
    public async Task DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _bus.DisposeAsync();
    }

    [Test]
    public async Task A_quiet_topic_that_lags_is_served_behind_what_was_there_before_it([Values] bool inBatches)
    {
        PublishNoise(3);
        _bus.Publish("quiet", SampleTypes.Asked);
        _bus.Publish("quiet", SampleTypes.Asked);
        Assert.That((_reader.IsLagging, _reader.Queued), Is.EqualTo((true, (long)Capacity)));

        Assert.That((await ReadWithNoiseAsync(inBatches)).Take(5), Is.EqualTo(["noisy 1", "noisy 2", "noisy 3", "quiet 1", "quiet 2"]));
        Assert.That(_reader.IsLagging, Is.False);
    }

    [Test]
    public async Task A_quiet_topic_with_a_gap_is_told_of_it_behind_what_was_there_before_it([Values] bool inBatches)
    {
        PublishNoise(2);
        _bus.Publish("quiet", SampleTypes.Delta);
        _bus.Publish("quiet", SampleTypes.Delta);
        Assert.That((_reader.Dropped, _reader.Queued), Is.EqualTo((1L, 3L)));

        Assert.That((await ReadWithNoiseAsync(inBatches)).Take(4), Is.EqualTo(["noisy 1", "noisy 2", "quiet 1", "quiet gap 2-2 (1 Overflow)"]));
    }

    [Test]
    public async Task A_topic_that_is_written_to_faster_than_it_is_read_keeps_the_reader_from_no_other()
    {
        await using var reader = _bus.Subscribe(new SubscriptionOptions { Capacity = Capacity, CriticalReserve = 1, OnNormalOverflow = NormalOverflow.CatchUp });
        PublishNoise(2_000);
        Assert.That(reader.IsLagging, Is.True);
        for (var i = 0; i < Capacity; i++)
        {
            reader.ReadOne();
        }

        // From now on it lags for good: what is read of it is less than what comes.
        _bus.Publish("quiet", SampleTypes.Asked);
        var read = 0;
        while (reader.ReadOne().Topic is "noisy")
        {
            PublishNoise(2);
            Assert.That(++read, Is.LessThan(600), "No more than two parts of what is missed come first.");
        }

        Assert.That(reader.IsLagging, Is.True);
    }

    [Test]
    public async Task Each_of_several_quiet_topics_is_served([Values] bool inBatches)
    {
        PublishNoise(3);
        _bus.Publish("noisy", SampleTypes.Asked);
        string[] quiet = ["a", "b", "c"];
        foreach (var topic in quiet)
        {
            _bus.PublishMany(topic, SampleTypes.Asked, 2);
        }

        var read = await ReadWithNoiseAsync(inBatches);
        Assert.That(read.Where(static item => !item.StartsWith("noisy", StringComparison.Ordinal)), Is.EqualTo(["a 1", "a 2", "b 1", "b 2", "c 1", "c 2"]));
    }

    [Test]
    public async Task A_topic_with_much_to_catch_up_with_leaves_the_others_their_turn([Values] bool inBatches)
    {
        // More than one catch-up takes.
        PublishNoise(3);
        _bus.PublishMany("long", SampleTypes.Asked, 600);
        _bus.Publish("short", SampleTypes.Asked);

        var read = await ReadWithNoiseAsync(inBatches, patience: 1_000);
        Assert.That(read.IndexOf("short 1"), Is.GreaterThan(0).And.LessThan(read.IndexOf("long 600")));
        Assert.That(read.Where(static item => item.StartsWith("long", StringComparison.Ordinal)), Is.EqualTo(Enumerable.Range(1, 600).Select(static i => $"long {i}")));
    }

    [Test]
    public async Task A_topic_that_drops_again_and_again_does_not_stand_before_those_whose_turn_has_come([Values] bool inBatches, [Values] bool lagging)
    {
        // The noisy one waits for its reader first, and for something newer each time.
        PublishNoise(4);
        Assert.That(_reader.Dropped, Is.EqualTo(1));
        if (lagging)
        {
            _bus.PublishMany("quiet", SampleTypes.Asked, 2);
        }
        else
        {
            _bus.Publish("quiet", SampleTypes.Delta);
        }

        var read = await ReadWithNoiseAsync(inBatches);
        Assert.That(
            read.Where(static item => item.StartsWith("quiet", StringComparison.Ordinal)),
            Is.EqualTo(lagging ? ["quiet 1", "quiet 2"] : (string[])["quiet gap 1-1 (1 Overflow)"]));
    }

    private void PublishNoise(int count) => _bus.PublishMany("noisy", SampleTypes.Delta, count);

    /// <summary>Reads one event after another; before each, more noise comes than is read, so that the channel is never empty.</summary>
    private async Task<List<string>> ReadWithNoiseAsync(bool inBatches, int patience = Patience)
    {
        var read = new List<string>();
        var buffer = new StreamEvent[1];
        for (var i = 0; i < patience; i++)
        {
            PublishNoise(2);
            Assert.That(_reader.Queued, Is.Positive);
            if (inBatches)
            {
                Assert.That(await _reader.ReadAsync(buffer), Is.EqualTo(1));
            }

            var item = inBatches ? buffer[0] : _reader.ReadOne();
            read.Add($"{item.Topic} {new[] { item }.Summaries().Single()}");
        }

        return read;
    }
}
