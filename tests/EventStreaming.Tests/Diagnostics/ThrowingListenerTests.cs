using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Diagnostics;

/// <summary>Whatever a metric listener of the host throws, the bus does what it was asked to.</summary>
internal sealed class ThrowingListenerTests
{
    private const string Topic = "session-1";

    private ThrowingListener _listener = null!; // All made anew for each test.
    private LogRecorder _log = null!;
    private EventBus _bus = null!;

    [SetUp]
    public void Create()
    {
        _listener = new ThrowingListener();
        _log = new LogRecorder();
        _bus = new EventBus(catalog: SampleTypes.Catalog, loggerFactory: _log);
    }

    [TearDown]
    public void Dispose()
    {
        _listener.Dispose();

        // Without waiting: that would be for ever if the listener got in the way of an end.
        _bus.Dispose();
        _log.Dispose();
    }

    [Test]
    public void An_event_is_published()
    {
        Assert.That(_bus.Publish(Topic, SampleTypes.Delta).Sequence, Is.EqualTo(1));
        Assert.That(_bus.FindTopic(Topic)!.Head.Sequence, Is.EqualTo(1));
        Assert.That(_listener.ThrownAt, Is.EqualTo(["eventstreaming.events.published"]));
    }

    [Test]
    public async Task A_subscription_begins_and_loses_nothing_of_what_it_reads([Values] bool inBatches)
    {
        _bus.PublishMany(Topic, SampleTypes.Delta, 3);
        await using var reader = _bus.Subscribe(Topic);
        _bus.PublishMany(Topic, SampleTypes.Delta, 3);
        var buffer = new StreamEvent[8];
        var read = inBatches ? buffer.Take(await reader.ReadAsync(buffer)) : reader.ReadAvailable();

        Assert.That(read.Sequences(), Is.EqualTo(Enumerable.Range(1, 6)));
        Assert.That((reader.Delivered, reader.Cursor!.Value.Sequence), Is.EqualTo((6L, 6L)));
        Assert.That(_listener.ThrownAt, Does.Contain("eventstreaming.replay.size").And.Contains("eventstreaming.events.delivered"));
    }

    [Test]
    public async Task A_subscription_ends_and_its_end_is_logged([Values] bool byItsOwner)
    {
        var reader = _bus.Subscribe(Topic);
        if (byItsOwner)
        {
            await reader.DisposeAsync();
        }
        else
        {
            _bus.CloseTopic(Topic);
        }

        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(byItsOwner ? EndReason.Disposed : EndReason.TopicClosed));
        Assert.That(_bus.SubscriptionCount, Is.Zero);
        Assert.That(_listener.ThrownAt, Does.Contain("eventstreaming.subscriptions.ended"));
        Assert.That(_log.Of(1202), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_handler_that_failed_is_logged_and_goes_on()
    {
        var handled = 0;
        var subscription = _bus.Subscribe(new SubscriptionOptions { Topic = Topic }, (_, _) =>
        {
            handled++;
            throw new InvalidDataException("A bug in the handler.");
        });
        _bus.Publish(Topic, SampleTypes.Delta);
        _bus.Publish(Topic, SampleTypes.Completed);

        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
        Assert.That((handled, _log.Of(1300).Count), Is.EqualTo((2, 2)));
        Assert.That(_listener.ThrownAt.Count(static name => name is "eventstreaming.handler.errors"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_pump_writes_all_and_closes_its_sink()
    {
        var sink = new RecordingSink();
        var run = EventPump.RunAsync(_bus.Subscribe(Topic), sink);
        _bus.Publish(Topic, SampleTypes.Delta);
        _bus.Publish(Topic, SampleTypes.Completed);

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
        Assert.That(sink.Types, Is.EqualTo([ControlEvents.Open, SampleTypes.Delta, SampleTypes.Completed, ControlEvents.End]));
    }

    [Test]
    public async Task The_bus_is_disposed([Values] bool asynchronously)
    {
        var reader = _bus.Subscribe(Topic);
        if (asynchronously)
        {
            await _bus.DisposeAsync().AsTask().WithinSafetyAsync();
        }
        else
        {
            _bus.Dispose();
        }

        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
        Assert.That(_listener.ThrownAt, Has.Some.EndsWith("completed"));
    }
}
