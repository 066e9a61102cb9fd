using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class CheckpointTests
{
    private const string Topic = "session-1";

    private EventBus _bus = null!; // Set before each test.
    private EventSubscription _reader = null!;

    [SetUp]
    public void Create()
    {
        _bus = SampleTypes.CreateBus();
        _reader = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Types = [SampleTypes.Asked], Capacity = 2 });
    }

    [TearDown]
    public async Task DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _bus.DisposeAsync();
    }

    [Test]
    public void It_moves_the_cursor_over_events_that_the_filter_held_back()
    {
        _bus.Publish(Topic, SampleTypes.Asked);
        _reader.ReadOne();
        _bus.PublishMany(Topic, SampleTypes.Delta, 5);
        Assert.That(_reader.Cursor!.Value.Sequence, Is.EqualTo(1));
        Assert.That(_reader.Checkpoint(), Is.EqualTo(_bus.FindTopic(Topic)!.Head));
        Assert.That(_reader.Cursor, Is.EqualTo(_bus.FindTopic(Topic)!.Head));

        var next = _bus.Publish(Topic, SampleTypes.Asked);
        _reader.ReadOne();
        Assert.That(_reader.Cursor, Is.EqualTo(next.Cursor), "Reading goes on from there.");
    }

    [Test]
    public void It_moves_over_nothing_that_waits_to_be_read()
    {
        _bus.Publish(Topic, SampleTypes.Asked);
        _reader.ReadOne();
        _bus.PublishMany(Topic, SampleTypes.Asked, 2);
        Assert.That(_reader.Checkpoint()!.Value.Sequence, Is.EqualTo(1), "In the channel.");
        _bus.PublishMany(Topic, SampleTypes.Asked, 3);
        _reader.ReadOne();
        _reader.ReadOne();
        Assert.That(_reader.IsLagging, Is.True);
        Assert.That(_reader.Checkpoint()!.Value.Sequence, Is.EqualTo(3), "In history.");
        _reader.ReadOne();
        Assert.That(_reader.Checkpoint()!.Value.Sequence, Is.EqualTo(4), "In its batch.");
        Assert.That(_reader.ReadAvailable().Sequences(), Is.EqualTo([5L, 6L]));
        Assert.That(_reader.Checkpoint()!.Value.Sequence, Is.EqualTo(6));
    }

    [Test]
    public void It_moves_over_no_gap_that_was_not_told()
    {
        var reader = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        _bus.PublishMany(Topic, SampleTypes.Delta, 3);
        reader.ReadOne();
        Assert.That(reader.Checkpoint()!.Value.Sequence, Is.EqualTo(1));
        Assert.That(reader.ReadOne().Data, Is.InstanceOf<Gap>());
        Assert.That(reader.Checkpoint()!.Value.Sequence, Is.EqualTo(3));
    }

    [Test]
    public async Task What_is_behind_it_is_what_a_resume_brings()
    {
        _bus.PublishMany(Topic, SampleTypes.Delta, 5);
        var place = _reader.Checkpoint();
        var next = _bus.Publish(Topic, SampleTypes.Asked);
        await using var resumed = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Types = [SampleTypes.Asked], From = place });
        Assert.That(resumed.ReadOne(), Is.SameAs(next));
        Assert.That(resumed.Filtered, Is.Zero, "It need not look at the others again.");
    }

    [Test]
    public void It_moves_to_the_end_of_a_topic_that_has_completed_when_all_is_read_and_no_further()
    {
        _bus.Publish(Topic, SampleTypes.Asked);
        _bus.PublishMany(Topic, SampleTypes.Delta, 5);
        var last = _bus.Publish(Topic, SampleTypes.Completed);
        _bus.Publish(Topic, SampleTypes.Asked);
        Assert.That(_reader.EndReason, Is.EqualTo(EndReason.Completed));
        Assert.That(_reader.Checkpoint()!.Value.Sequence, Is.Zero, "One waits.");
        Assert.That(_reader.IsDrained, Is.False);
        Assert.That(_reader.ReadAvailable().Sequences(), Is.EqualTo([1L]));
        Assert.That(_reader.Checkpoint(), Is.EqualTo(last.Cursor));
        Assert.That(_reader.IsDrained, Is.True);
    }

    [Test]
    public async Task From_where_a_stream_ended_nothing_is_left_however_much_the_filter_held_back_before()
    {
        var sink = new RecordingSink();
        var run = EventPump.RunAsync(_reader, sink);
        _bus.PublishMany(Topic, SampleTypes.Delta, 5_000);
        _bus.Publish(Topic, SampleTypes.Completed);
        await run.WithinSafetyAsync();
        Assert.That(EventCursor.TryParse(sink.Ending!.Cursor, out var end), Is.True);

        await using var again = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Types = [SampleTypes.Asked], From = end });
        Assert.That((again.EndReason, again.IsDrained), Is.EqualTo(((EndReason?)EndReason.Completed, true)));
    }

    [Test]
    public async Task It_stays_before_what_a_reader_did_not_get_that_was_too_slow_for_a_completed_topic()
    {
        await using var bus = SampleTypes.CreateBus(static options => (options.History.Capacity, options.History.CriticalCapacity) = (4, 4));
        var reader = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        bus.PublishMany(Topic, SampleTypes.Asked, 3);
        bus.Publish(Topic, SampleTypes.Completed);
        bus.PublishMany(Topic, SampleTypes.Asked, 20);
        Assert.That(reader.EndReason, Is.EqualTo(EndReason.SlowConsumer));
        var read = reader.ReadAvailable();
        Assert.That(reader.Checkpoint(), Is.EqualTo(read[^1].Cursor));
    }

    [Test]
    public async Task An_end_and_all_topics_leave_it_where_it_was()
    {
        _bus.PublishMany(Topic, SampleTypes.Delta, 5);
        await _reader.DisposeAsync();
        Assert.That(_reader.Checkpoint()!.Value.Sequence, Is.Zero);

        var all = _bus.Subscribe(new SubscriptionOptions());
        Assert.That(all.Checkpoint(), Is.Null);
    }
}
