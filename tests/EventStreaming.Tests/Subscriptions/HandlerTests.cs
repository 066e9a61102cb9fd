using System.Collections.Concurrent;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

[Category("Concurrency")]
internal sealed class HandlerTests
{
    private const string Topic = "session-1";

    private EventBus _bus = null!; // Set before each test.
    private ConcurrentQueue<StreamEvent> _handled = null!;

    [SetUp]
    public void Create()
    {
        _bus = SampleTypes.CreateBus();
        _handled = new ConcurrentQueue<StreamEvent>();
    }

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public async Task A_handler_is_called_for_one_event_after_another_in_order()
    {
        var concurrent = 0;
        var subscription = Subscribe(async (item, _) =>
        {
            Assert.That(Interlocked.Increment(ref concurrent), Is.EqualTo(1));
            await Task.Yield();
            _handled.Enqueue(item);
            Interlocked.Decrement(ref concurrent);
        });
        _bus.PublishMany(Topic, SampleTypes.Asked, 500);
        _bus.Publish(Topic, SampleTypes.Completed);
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
        Assert.That(_handled.Sequences(), Is.EqualTo(Enumerable.Range(1, 501)));
    }

    [Test]
    public async Task A_handler_is_told_of_gaps()
    {
        var (entered, gate) = (Signals.Create(), Signals.Create());
        var subscription = Subscribe(
            async (item, _) =>
            {
                _handled.Enqueue(item);
                entered.TrySetResult();
                await gate.Task;
            },
            capacity: 2);
        _bus.Publish(Topic, SampleTypes.Delta);
        await entered.Task.WithinSafetyAsync();
        _bus.PublishMany(Topic, SampleTypes.Delta, 3);
        _bus.Publish(Topic, SampleTypes.Completed);
        gate.SetResult();
        await subscription.Completion.WithinSafetyAsync();
        Assert.That(_handled.Summaries(), Is.EqualTo(["1", "2", "gap 3-4 (2 Overflow)", "5"]));
    }

    [Test]
    public async Task What_a_handler_throws_reaches_no_publisher_and_by_default_it_goes_on()
    {
        var subscription = Subscribe((item, _) =>
        {
            _handled.Enqueue(item);
            throw new InvalidDataException("A bug in the handler.");
        });
        var healthy = _bus.Subscribe(Topic);
        Assert.That(() => _bus.PublishMany(Topic, SampleTypes.Delta, 3), Throws.Nothing);
        _bus.Publish(Topic, SampleTypes.Completed);
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
        Assert.That(_handled.Sequences(), Is.EqualTo([1L, 2L, 3L, 4L]));
        Assert.That(subscription.Exception, Is.Null);
        Assert.That(healthy.ReadAvailable().Sequences(), Is.EqualTo([1L, 2L, 3L, 4L]));
    }

    [Test]
    public async Task Asked_to_it_ends_with_what_its_handler_threw()
    {
        var fault = new InvalidDataException("A bug in the handler.");
        var subscription = Subscribe(
            (item, _) =>
            {
                _handled.Enqueue(item);
                return item.Sequence == 2 ? ValueTask.FromException(fault) : ValueTask.CompletedTask;
            },
            onError: HandlerErrorPolicy.End);
        _bus.PublishMany(Topic, SampleTypes.Delta, 5);
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Faulted));
        Assert.That(subscription.Exception, Is.SameAs(fault));
        Assert.That(_handled.Sequences(), Is.EqualTo([1L, 2L]));
    }

    [Test]
    public async Task What_its_predicate_throws_ends_it_whatever_the_policy()
    {
        var fault = new InvalidDataException("A bug in the predicate.");
        var subscription = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Predicate = _ => throw fault }, static (_, _) => ValueTask.CompletedTask);
        _bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Faulted));
        Assert.That(subscription.Exception, Is.SameAs(fault));
    }

    [Test]
    public async Task Completion_comes_after_the_handler_has_returned()
    {
        var (entered, gate) = (Signals.Create(), Signals.Create());
        var subscription = Subscribe(async (_, _) =>
        {
            entered.TrySetResult();
            await gate.Task;
        });
        _bus.Publish(Topic, SampleTypes.Completed);
        await entered.Task.WithinSafetyAsync();
        Assert.That(subscription.EndReason, Is.EqualTo(EndReason.Completed));
        Assert.That(subscription.Completion.IsCompleted, Is.False);
        gate.SetResult();
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
    }

    [Test]
    public async Task Disposing_cancels_the_running_handlers_token_and_discards_what_waits()
    {
        var entered = Signals.Create();
        var subscription = Subscribe(async (item, cancellationToken) =>
        {
            _handled.Enqueue(item);
            entered.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        });
        _bus.PublishMany(Topic, SampleTypes.Delta, 3);
        await entered.Task.WithinSafetyAsync();
        await subscription.DisposeAsync();
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Disposed));
        Assert.That(_handled.Sequences(), Is.EqualTo([1L]));
    }

    [Test]
    public async Task A_handler_may_dispose_its_own_subscription()
    {
        EventSubscription? own = null;
        var ready = Signals.Create();
        own = Subscribe(async (_, _) =>
        {
            await ready.Task;
            await own!.DisposeAsync();
        });
        ready.SetResult();
        _bus.PublishMany(Topic, SampleTypes.Delta, 3);
        Assert.That(await own.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Disposed));
        Assert.That(own.Delivered, Is.EqualTo(1));
    }

    [Test]
    public async Task A_handler_may_publish_to_its_own_topic_and_to_others()
    {
        var subscription = Subscribe((item, _) =>
        {
            _handled.Enqueue(item);
            if (item.Sequence <= 50)
            {
                _bus.Publish(Topic, item.Sequence == 50 ? SampleTypes.Completed : SampleTypes.Asked);
                _bus.Publish("session-2", SampleTypes.Delta);
            }

            return ValueTask.CompletedTask;
        });
        _bus.Publish(Topic, SampleTypes.Asked);
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
        Assert.That(_handled.Sequences(), Is.EqualTo(Enumerable.Range(1, 51)));
        Assert.That(_bus.FindTopic("session-2")!.Head.Sequence, Is.EqualTo(50));
    }

    [Test]
    public async Task A_handler_may_subscribe_wait_and_close()
    {
        var subscription = Subscribe(async (item, cancellationToken) =>
        {
            var wait = _bus.WaitForAsync("session-2", static _ => true, cancellationToken: cancellationToken);
            _bus.Publish("session-2", SampleTypes.Delta);
            _handled.Enqueue(await wait);
            _bus.CloseTopic("session-2");
            _bus.CloseTopic(Topic);
        });
        _bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
        Assert.That(_handled.Select(static item => item.Topic), Is.EqualTo(["session-2"]));
    }

    [Test]
    public async Task Disposing_the_bus_waits_for_handlers_to_finish_with_what_was_published()
    {
        var (entered, gate) = (Signals.Create(), Signals.Create());
        var subscription = Subscribe(async (item, _) =>
        {
            entered.TrySetResult();
            await gate.Task;
            _handled.Enqueue(item);
        });
        _bus.PublishMany(Topic, SampleTypes.Delta, 3);
        await entered.Task.WithinSafetyAsync();
        var disposal = _bus.DisposeAsync().AsTask();
        Assert.That(disposal.IsCompleted, Is.False);
        gate.SetResult();
        await disposal.WithinSafetyAsync();
        Assert.That(_handled.Sequences(), Is.EqualTo([1L, 2L, 3L]));
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.HostStopping));
    }

    [Test]
    public void No_handler_is_refused() =>
        Assert.That(() => _bus.Subscribe(new SubscriptionOptions { Topic = Topic }, null!), Throws.ArgumentNullException);

    private EventSubscription Subscribe(
        Func<StreamEvent, CancellationToken, ValueTask> handler, HandlerErrorPolicy onError = HandlerErrorPolicy.Continue, int capacity = 1_024) =>
        _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = capacity }, handler, onError);
}
