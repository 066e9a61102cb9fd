using EventStreaming.Tests.Support;
using Moq;
using NUnit.Framework;

namespace EventStreaming.Tests;

/// <summary>Publishing does not depend on who reads; it waits for a store only where it is asked to.</summary>
internal sealed class PublishTests
{
    private const string Topic = "session-1";

    [Test]
    [Category("Concurrency")]
    public async Task Publish_blocks_on_no_handler_predicate_or_reader()
    {
        await using var bus = SampleTypes.CreateBus();
        using var gate = new ManualResetEventSlim();
        var entered = Signals.Create();
        var stuckHandler = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 }, (_, _) =>
        {
            entered.TrySetResult();
            gate.Wait(CancellationToken.None);
            return ValueTask.CompletedTask;
        });
        var stuckPredicate = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2, Predicate = _ => gate.Wait(Timeout.Infinite) || true });
        var absentReader = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 2 });
        var healthy = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Capacity = 1 << 14 });
        bus.Publish(Topic, SampleTypes.Asked);
        var inPredicate = Task.Factory.StartNew(stuckPredicate.ReadAvailable, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await entered.Task.WithinSafetyAsync();

        await Task.Run(() =>
        {
            bus.PublishMany(Topic, SampleTypes.Asked, 5_000);
            bus.PublishMany(Topic, SampleTypes.Delta, 5_000);
        }).WithinSafetyAsync();
        Assert.That(healthy.ReadAvailable().Sequences(), Is.EqualTo(Enumerable.Range(1, 10_001)), "Others get everything meanwhile.");

        gate.Set();
        await inPredicate.WithinSafetyAsync();
        await stuckHandler.DisposeAsync();
        Assert.That(absentReader.EndReason, Is.EqualTo(EndReason.SlowConsumer));
    }

    [Test]
    public async Task Publish_is_none_the_wiser_when_a_subscriber_ends_in_any_way()
    {
        await using var bus = SampleTypes.CreateBus();
        var faulty = bus.Subscribe(new SubscriptionOptions { Topic = Topic, Predicate = static _ => throw new InvalidDataException() });
        await bus.Subscribe(Topic).DisposeAsync();
        bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(() => faulty.TryRead(out _), Throws.InstanceOf<InvalidDataException>());
        Assert.That(() => bus.Publish(Topic, SampleTypes.Delta), Throws.Nothing);
        Assert.That(bus.FindTopic(Topic)!.Subscriptions, Is.Zero);
    }

    [Test]
    public async Task PublishAsync_waits_for_the_store_when_the_event_is_critical()
    {
        var stored = Signals.Create();
        var store = new Mock<IEventDurability>(MockBehavior.Strict);
        store.Setup(static durability => durability.WaitUntilDurableAsync(It.IsAny<StreamEvent>(), It.IsAny<CancellationToken>()))
            .Returns(new ValueTask(stored.Task));
        await using var bus = new EventBus(catalog: SampleTypes.Catalog, durability: store.Object);
        var reader = bus.Subscribe(Topic);

        var publishing = bus.PublishAsync(Topic, new EventDraft(SampleTypes.Asked)).AsTask();
        Assert.That(publishing.IsCompleted, Is.False);
        var live = reader.ReadOne();
        Assert.That(live.Type, Is.EqualTo(SampleTypes.Asked), "Readers do not wait for the store.");
        stored.SetResult();
        Assert.That(await publishing.WithinSafetyAsync(), Is.SameAs(live));
        store.Verify(durability => durability.WaitUntilDurableAsync(live, It.IsAny<CancellationToken>()), Times.Once);
    }

    [Test]
    public async Task PublishAsync_of_a_normal_event_does_not_ask_the_store()
    {
        var store = new Mock<IEventDurability>(MockBehavior.Strict);
        await using var bus = new EventBus(catalog: SampleTypes.Catalog, durability: store.Object);
        Assert.That((await bus.PublishAsync(Topic, new EventDraft(SampleTypes.Delta))).Sequence, Is.EqualTo(1));
        Assert.That(bus.Publish(Topic, SampleTypes.Asked).IsCritical, Is.True, "Nor does Publish, of any.");
    }

    [Test]
    public async Task PublishAsync_without_a_store_is_done_when_it_returns()
    {
        await using var bus = SampleTypes.CreateBus();
        Assert.That(bus.PublishAsync(Topic, new EventDraft(SampleTypes.Asked)).AsTask().IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public async Task Cancelling_PublishAsync_ends_the_wait_and_the_event_stays_published()
    {
        using var caller = new CancellationTokenSource();
        var store = new Mock<IEventDurability>();
        store.Setup(static durability => durability.WaitUntilDurableAsync(It.IsAny<StreamEvent>(), It.IsAny<CancellationToken>()))
            .Returns(static (StreamEvent _, CancellationToken cancellationToken) => new ValueTask(Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken)));
        await using var bus = new EventBus(catalog: SampleTypes.Catalog, durability: store.Object);
        var publishing = bus.PublishAsync(Topic, new EventDraft(SampleTypes.Asked), caller.Token).AsTask();
        await caller.CancelAsync();
        Assert.That(async () => await publishing.WithinSafetyAsync(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(bus.FindTopic(Topic)!.Head.Sequence, Is.EqualTo(1));
        Assert.That(async () => await bus.PublishAsync(Topic, new EventDraft(SampleTypes.Asked), caller.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(bus.FindTopic(Topic)!.Head.Sequence, Is.EqualTo(1), "Cancelled before, nothing is published.");
    }

    [Test]
    public async Task A_store_that_fails_breaks_no_live_stream()
    {
        var store = new Mock<IEventDurability>();
        store.Setup(static durability => durability.WaitUntilDurableAsync(It.IsAny<StreamEvent>(), It.IsAny<CancellationToken>()))
            .Throws(new IOException("The disk is full."));
        await using var bus = new EventBus(catalog: SampleTypes.Catalog, durability: store.Object);
        var reader = bus.Subscribe(Topic);
        Assert.That(async () => await bus.PublishAsync(Topic, new EventDraft(SampleTypes.Asked)), Throws.InstanceOf<IOException>());
        bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1L, 2L]));
    }
}
