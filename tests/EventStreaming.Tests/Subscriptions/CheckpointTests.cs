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
    public async Task An_end_and_all_topics_leave_it_where_it_was()
    {
        _bus.PublishMany(Topic, SampleTypes.Delta, 5);
        await _reader.DisposeAsync();
        Assert.That(_reader.Checkpoint()!.Value.Sequence, Is.Zero);

        var all = _bus.Subscribe(new SubscriptionOptions());
        Assert.That(all.Checkpoint(), Is.Null);
    }
}
