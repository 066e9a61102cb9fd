using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class ReaderTests
{
    private const string Topic = "session-1";

    private EventBus _bus = null!; // Set before each test.
    private EventSubscription _reader = null!;

    [SetUp]
    public void Create()
    {
        _bus = SampleTypes.CreateBus();
        _reader = _bus.Subscribe(Topic);
    }

    [TearDown]
    public async Task DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _bus.DisposeAsync();
    }

    [Test]
    public async Task A_batch_takes_what_there_is_up_to_its_length()
    {
        _bus.PublishMany(Topic, SampleTypes.Delta, 5);
        var buffer = new StreamEvent[3];
        Assert.That(await _reader.ReadAsync(buffer), Is.EqualTo(3));
        Assert.That(buffer.Sequences(), Is.EqualTo([1L, 2L, 3L]));
        Assert.That(await _reader.ReadAsync(buffer), Is.EqualTo(2));
        Assert.That(buffer.Take(2).Sequences(), Is.EqualTo([4L, 5L]));
        Assert.That((_reader.Delivered, _reader.Cursor!.Value.Sequence), Is.EqualTo((5L, 5L)));
    }

    [Test]
    public async Task A_batch_waits_for_the_first_event_and_ends_with_none()
    {
        var buffer = new StreamEvent[3];
        var reading = _reader.ReadAsync(buffer).AsTask();
        Assert.That(reading.IsCompleted, Is.False);
        _bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(await reading.WithinSafetyAsync(), Is.EqualTo(1));

        reading = _reader.ReadAsync(buffer).AsTask();
        _bus.CloseTopic(Topic);
        Assert.That(await reading.WithinSafetyAsync(), Is.Zero);
        Assert.That(await _reader.ReadAsync(buffer), Is.Zero, "And so for ever.");
    }

    [Test]
    public void A_buffer_without_room_is_refused_with_a_remedy() =>
        Assert.That(
            async () => await _reader.ReadAsync(Memory<StreamEvent>.Empty),
            Throws.ArgumentException.With.Message.Contains("empty").And.Message.Contains("at least one"));

    [Test]
    public async Task A_cancelled_wait_loses_no_event_and_ends_nothing([Values] bool inBatches)
    {
        for (var i = 1; i <= 200; i++)
        {
            using var caller = new CancellationTokenSource();
            Task reading = inBatches
                ? _reader.ReadAsync(new StreamEvent[1], caller.Token).AsTask()
                : _reader.ReadAllAsync(caller.Token).GetAsyncEnumerator(CancellationToken.None).MoveNextAsync().AsTask();
            await caller.CancelAsync();
            Assert.That(async () => await reading.WithinSafetyAsync(), Throws.InstanceOf<OperationCanceledException>());
            _bus.Publish(Topic, SampleTypes.Delta);
            Assert.That(_reader.ReadOne().Sequence, Is.EqualTo(i));
        }

        Assert.That(_reader.EndReason, Is.Null);
    }

    [Test]
    [Category("Concurrency")]
    public async Task A_wait_cancelled_as_an_event_comes_loses_none_of_them()
    {
        const int Count = 2_000;
        var publishing = Task.Run(() => _bus.PublishMany(Topic, SampleTypes.Asked, Count));
        var read = new List<long>();
        var buffer = new StreamEvent[1];
        while (read.Count < Count)
        {
            using var caller = new CancellationTokenSource();
            var reading = _reader.ReadAsync(buffer, caller.Token).AsTask();
            await caller.CancelAsync();
            try
            {
                if (await reading.WithinSafetyAsync() > 0)
                {
                    read.Add(buffer[0].Sequence);
                }
            }
            catch (OperationCanceledException)
            {
                await Task.Yield();
            }
        }

        await publishing.WithinSafetyAsync();
        Assert.That(read, Is.EqualTo(Enumerable.Range(1, Count)));
    }

    [Test]
    public async Task A_token_given_to_the_enumeration_ends_it_and_not_the_subscription()
    {
        using var caller = new CancellationTokenSource();
        _bus.PublishMany(Topic, SampleTypes.Delta, 3);
        var read = new List<long>();
        Assert.That(
            async () =>
            {
                await foreach (var item in _reader.WithCancellation(caller.Token))
                {
                    read.Add(item.Sequence);
                    await caller.CancelAsync();
                }
            },
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(read, Is.EqualTo([1L]));
        Assert.That(_reader.ReadAvailable().Sequences(), Is.EqualTo([2L, 3L]));
        await Task.CompletedTask;
    }

    [Test]
    public async Task The_owners_token_ends_the_subscription_and_the_enumeration_with_it()
    {
        using var owner = new CancellationTokenSource();
        var subscription = _bus.Subscribe(Topic, cancellationToken: owner.Token);
        var reading = Task.Run(subscription.ReadToEndAsync);
        await owner.CancelAsync();
        Assert.That(await reading.WithinSafetyAsync(), Is.Empty);
        Assert.That(subscription.EndReason, Is.EqualTo(EndReason.Cancelled));
    }

    [Test]
    public async Task A_second_read_under_way_at_once_is_refused_with_a_remedy()
    {
        EventSubscription? reader = null;
        reader = _bus.Subscribe(new SubscriptionOptions
        {
            Topic = Topic,
            Predicate = _ =>
            {
                Assert.That(
                    () => reader!.TryRead(out var _),
                    Throws.InvalidOperationException.With.Message.Contains("one reader at a time").And.Message.Contains("Subscribe once for each reader"));
                Assert.That(() => reader!.Read(new StreamEvent[1]), Throws.InvalidOperationException);
                Assert.That(async () => await reader!.ReadAsync(new StreamEvent[1]), Throws.InvalidOperationException);
                return true;
            },
        });
        _bus.PublishMany(Topic, SampleTypes.Delta, 2);
        Assert.That(reader.TryRead(out _), Is.True, "The first reader is not disturbed.");
        Assert.That(reader.TryRead(out _), Is.True);
        await Task.CompletedTask;
    }

    [Test]
    public async Task A_second_wait_under_way_at_once_is_refused_and_the_first_goes_on()
    {
        var first = _reader.ReadAsync(new StreamEvent[1]).AsTask();
        Assert.That(async () => await _reader.ReadAsync(new StreamEvent[1]).AsTask().WithinSafetyAsync(), Throws.InvalidOperationException);
        _bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(await first.WithinSafetyAsync(), Is.EqualTo(1));
    }

    [Test]
    public void What_a_predicate_throws_ends_the_subscription_and_reaches_its_reader_alone()
    {
        var fault = new InvalidDataException("A bug in the predicate.");
        var reader = _bus.Subscribe(new SubscriptionOptions { Topic = Topic, Predicate = item => item.Sequence == 2 ? throw fault : true });
        Assert.That(() => _bus.PublishMany(Topic, SampleTypes.Delta, 3), Throws.Nothing);
        Assert.That(reader.ReadOne().Sequence, Is.EqualTo(1));
        Assert.That(() => reader.TryRead(out _), Throws.Exception.SameAs(fault));
        Assert.That((reader.EndReason, reader.Exception, reader.Cursor!.Value.Sequence), Is.EqualTo((EndReason.Faulted, fault, 1L)));
        Assert.That(_reader.ReadAvailable(), Has.Count.EqualTo(3));
    }

    [Test]
    public void A_predicate_may_publish()
    {
        var reader = _bus.Subscribe(new SubscriptionOptions
        {
            Topic = Topic,
            Predicate = item =>
            {
                if (item.Sequence < 10)
                {
                    _bus.Publish(Topic, SampleTypes.Delta);
                }

                return item.Sequence % 2 == 0;
            },
        });
        _bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([2L, 4L, 6L, 8L, 10L]));
        Assert.That((reader.Delivered, reader.Filtered), Is.EqualTo((5L, 5L)));
    }
}
