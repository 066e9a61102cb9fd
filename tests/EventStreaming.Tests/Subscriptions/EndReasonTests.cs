using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class EndReasonTests
{
    private const string Topic = "session-1";

    // A topic restarts only if it is fed: TopicFeedTests.
    private static readonly EndReason[] s_ofEveryTopic = [.. Enum.GetValues<EndReason>().Where(static reason => reason != EndReason.TopicRestarted)];

    [Test]
    public async Task Every_end_has_its_reason_and_counters_that_survive_it([ValueSource(nameof(s_ofEveryTopic))] EndReason reason)
    {
        await using var bus = SampleTypes.CreateBus();
        using var owner = new CancellationTokenSource();
        var fault = new InvalidDataException("A bug in the predicate.");
        var subscription = bus.Subscribe(
            new SubscriptionOptions
            {
                Topic = Topic,
                Capacity = 4,
                CriticalReserve = 1,
                OnCriticalOverflow = CriticalOverflow.Disconnect,
                Predicate = item => item.Data is "fault" ? throw fault : true,
            },
            owner.Token);
        bus.PublishMany(Topic, SampleTypes.Delta, 4);
        bus.Publish(Topic, new EventDraft(SampleTypes.Delta) { Source = "worker:1" });
        subscription.ReadAvailable();

        switch (reason)
        {
            case EndReason.Completed:
                bus.Publish(Topic, SampleTypes.Completed);
                break;
            case EndReason.Disposed:
                await subscription.DisposeAsync();
                break;
            case EndReason.Cancelled:
                await owner.CancelAsync();
                break;
            case EndReason.SlowConsumer:
                bus.PublishMany(Topic, SampleTypes.Asked, 5);
                break;
            case EndReason.TransportClosed:
                subscription.End(EndReason.TransportClosed);
                break;
            case EndReason.TopicClosed:
                bus.CloseTopic(Topic);
                break;
            case EndReason.HostStopping:
                bus.StopReaders();
                break;
            case EndReason.Faulted:
                bus.Publish(Topic, SampleTypes.Delta, "fault");
                Assert.That(() => subscription.TryRead(out _), Throws.Exception.SameAs(fault));
                break;
        }

        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(reason));
        Assert.That(subscription.EndReason, Is.EqualTo(reason));
        Assert.That(subscription.Exception, reason == EndReason.Faulted ? Is.SameAs(fault) : Is.Null);
        Assert.That((subscription.Delivered, subscription.Dropped, subscription.Filtered), Is.EqualTo((3L, 1L, 1L)));
        Assert.That(subscription.Cursor, Is.Not.Null);
        Assert.That(bus.SubscriptionCount, Is.Zero);
        Assert.That(bus.FindTopic(Topic)?.Subscriptions ?? 0, Is.Zero);

        bus.PublishMany(Topic, SampleTypes.Delta, 3);
        await subscription.DisposeAsync();
        Assert.That(subscription.EndReason, Is.EqualTo(reason), "It ends once.");
    }

    [Test]
    public async Task What_waits_is_discarded_when_its_own_side_ends_it([Values(EndReason.Disposed, EndReason.Cancelled, EndReason.TransportClosed, EndReason.Faulted)] EndReason reason)
    {
        await using var bus = SampleTypes.CreateBus();
        var subscription = bus.Subscribe(Topic);
        bus.PublishMany(Topic, SampleTypes.Delta, 3);
        var last = subscription.ReadOne();
        subscription.End(reason);

        Assert.That(subscription.TryRead(out _), Is.False);
        Assert.That(await subscription.ReadAsync(new StreamEvent[4]), Is.Zero);
        Assert.That((subscription.Cursor, subscription.Delivered), Is.EqualTo((last.Cursor, 1L)), "To resume from where its reader was.");
    }

    [Test]
    public async Task A_reader_that_has_had_all_it_came_for_completes_and_the_topic_goes_on()
    {
        await using var bus = SampleTypes.CreateBus();
        var subscription = bus.Subscribe(Topic);
        bus.PublishMany(Topic, SampleTypes.Delta, 3);
        var last = subscription.ReadOne();
        subscription.Complete();
        bus.Publish(Topic, SampleTypes.Delta);

        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Completed));
        Assert.That((subscription.TryRead(out _), subscription.IsDrained, subscription.Cursor), Is.EqualTo((false, true, last.Cursor)), "What waits is discarded.");
        bus.CloseTopic(Topic);
        await subscription.DisposeAsync();
        Assert.That(subscription.EndReason, Is.EqualTo(EndReason.Completed), "It ends once.");
    }

    [Test]
    public async Task What_waits_may_be_read_when_the_other_side_ends_it([Values(EndReason.Completed, EndReason.TopicClosed, EndReason.HostStopping)] EndReason reason)
    {
        await using var bus = SampleTypes.CreateBus();
        var subscription = bus.Subscribe(Topic);
        bus.PublishMany(Topic, SampleTypes.Delta, 3);
        subscription.Close(reason);
        bus.PublishMany(Topic, SampleTypes.Delta, 3);
        Assert.That((await subscription.ReadToEndAsync()).Sequences(), Is.EqualTo([1L, 2L, 3L]));
    }

    [Test]
    public async Task A_token_cancelled_before_ends_the_subscription_at_its_beginning()
    {
        await using var bus = SampleTypes.CreateBus();
        bus.PublishMany(Topic, SampleTypes.Delta, 3);
        var subscription = bus.Subscribe(Topic, cancellationToken: new CancellationToken(canceled: true));
        Assert.That(await subscription.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.Cancelled));
        Assert.That(subscription.TryRead(out _), Is.False);
        Assert.That(bus.SubscriptionCount, Is.Zero);
    }

    [Test]
    public async Task After_readers_were_stopped_publishing_goes_on_for_those_who_stay()
    {
        await using var bus = SampleTypes.CreateBus();
        var stays = bus.Subscribe(new SubscriptionOptions { Topic = Topic, EndOnHostStopping = false });
        var goes = bus.Subscribe(Topic);
        bus.StopReaders();
        var late = bus.Subscribe(Topic);
        bus.Publish(Topic, SampleTypes.Delta);

        Assert.That((goes.EndReason, late.EndReason, stays.EndReason), Is.EqualTo((EndReason.HostStopping, EndReason.HostStopping, (EndReason?)null)));
        Assert.That(stays.ReadOne().Sequence, Is.EqualTo(1));
        await bus.DisposeAsync();
        Assert.That(stays.EndReason, Is.EqualTo(EndReason.HostStopping));
    }

    [Test]
    public async Task A_disposed_bus_takes_no_more_events_and_subscriptions_and_says_so()
    {
        var bus = SampleTypes.CreateBus();
        await bus.DisposeAsync();
        Assert.That(() => bus.Publish(Topic, SampleTypes.Delta), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => bus.Subscribe(Topic), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await bus.WaitForAsync(Topic, static _ => true), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(async () => await bus.DisposeAsync(), Throws.Nothing);
    }

    [Test]
    [Category("Concurrency")]
    public async Task Of_many_ends_at_once_one_counts_and_it_counts_once([Values] bool allTopics)
    {
        var ends = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        using var listener = Listen(ends);
        for (var round = 0; round < 300; round++)
        {
            await using var bus = new EventBus(catalog: SampleTypes.Catalog, name: $"{nameof(EndReasonTests)}-{allTopics}-{round}");
            using var owner = new CancellationTokenSource();
            var subscription = bus.Subscribe(new SubscriptionOptions { Topic = allTopics ? null : Topic, Capacity = 2, OnCriticalOverflow = CriticalOverflow.Disconnect }, owner.Token);
            using var start = new Barrier(4);
            await Task.WhenAll(
                Race(start, () => bus.PublishMany(Topic, SampleTypes.Asked, 4)),
                Race(start, () => bus.CloseTopic(Topic)),
                Race(start, bus.StopReaders),
                Race(start, owner.Cancel)).WithinSafetyAsync();
            var reason = await subscription.Completion.WithinSafetyAsync();

            Assert.That(subscription.EndReason, Is.EqualTo(reason));
            Assert.That(bus.SubscriptionCount, Is.Zero);
            Assert.That(bus.FindTopic(Topic)?.Subscriptions ?? 0, Is.Zero);
            Assert.That(ends[bus.Name], Is.EqualTo(1));
        }
    }

    private static Task Race(Barrier start, Action action) => Task.Factory.StartNew(
        () =>
        {
            start.SignalAndWait();
            action();
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private static MeterListener Listen(ConcurrentDictionary<string, int> ends)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (string.Equals(instrument.Name, "eventstreaming.subscriptions.ended", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (var tag in tags)
            {
                if (string.Equals(tag.Key, EventStreamingDiagnostics.BusTag, StringComparison.Ordinal))
                {
                    ends.AddOrUpdate((string)tag.Value!, (int)value, (_, before) => before + (int)value);
                }
            }
        });
        listener.Start();
        return listener;
    }
}
