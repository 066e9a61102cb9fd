using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class WaitForTests
{
    private const string Topic = "session-1";

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
    public async Task It_completes_with_the_first_event_from_now_on_that_meets_the_condition()
    {
        _bus.Publish(Topic, SampleTypes.Asked);
        var wait = _bus.WaitForAsync(Topic, static item => item.Type is SampleTypes.Asked);
        _bus.Publish(Topic, SampleTypes.Delta);
        var expected = _bus.Publish(Topic, SampleTypes.Asked);
        _bus.Publish(Topic, SampleTypes.Asked);
        Assert.That(await wait.WithinSafetyAsync(), Is.SameAs(expected));
        Assert.That(_bus.SubscriptionCount, Is.Zero, "Nothing of the wait is left.");
    }

    [Test]
    public async Task It_can_look_back_to_a_cursor_or_to_the_start()
    {
        var first = _bus.Publish(Topic, SampleTypes.Iteration);
        var second = _bus.Publish(Topic, SampleTypes.Iteration);
        Assert.That(await _bus.WaitForAsync(Topic, static _ => true, EventCursor.Start).WithinSafetyAsync(), Is.SameAs(first));
        Assert.That(await _bus.WaitForAsync(Topic, static _ => true, first.Cursor).WithinSafetyAsync(), Is.SameAs(second));
    }

    [Test]
    public async Task It_sees_what_workers_say_among_themselves()
    {
        var wait = _bus.WaitForAsync(Topic, static _ => true);
        var expected = _bus.Publish(Topic, new EventDraft(SampleTypes.Delta) { Source = "worker:1" });
        Assert.That(await wait.WithinSafetyAsync(), Is.SameAs(expected));
    }

    [Test]
    public async Task An_event_in_a_burst_larger_than_any_channel_is_found()
    {
        var wait = _bus.WaitForAsync(Topic, static item => item.Data is 1_900);
        for (var i = 0; i < 2_000; i++)
        {
            _bus.Publish(Topic, SampleTypes.Delta, i);
        }

        Assert.That((await wait.WithinSafetyAsync()).Sequence, Is.EqualTo(1_901));
    }

    [Test]
    public async Task A_terminal_event_does_not_end_the_wait([Values] bool before)
    {
        if (before)
        {
            _bus.Publish(Topic, SampleTypes.Completed);
        }

        var wait = _bus.WaitForAsync(Topic, static item => item.Type is SampleTypes.Asked);
        _bus.Publish(Topic, SampleTypes.Completed);
        _bus.Publish(Topic, SampleTypes.Asked);
        Assert.That((await wait.WithinSafetyAsync()).Type, Is.EqualTo(SampleTypes.Asked));
    }

    [Test]
    public async Task It_times_out_by_the_buss_clock_and_says_what_may_be_done()
    {
        var wait = _bus.WaitForAsync(Topic, static _ => false, timeout: TimeSpan.FromSeconds(7));
        _clock.Advance(TimeSpan.FromSeconds(7) - TimeSpan.FromTicks(1));
        _bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(wait.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.That(
            async () => await wait.WithinSafetyAsync(),
            Throws.TypeOf<TimeoutException>().With.Message.Contains($"'{Topic}'").And.Message.Contains("00:00:07").And.Message.EndsWith("Look further back with 'since', or wait longer."));
        await Task.CompletedTask;
        Assert.That(_bus.SubscriptionCount, Is.Zero);
    }

    [Test]
    public async Task Cancelling_ends_the_wait_as_cancelled()
    {
        using var caller = new CancellationTokenSource();
        var wait = _bus.WaitForAsync(Topic, static _ => false, timeout: TimeSpan.FromSeconds(7), cancellationToken: caller.Token);
        await caller.CancelAsync();
        Assert.That(async () => await wait.WithinSafetyAsync(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_bus.SubscriptionCount, Is.Zero);
    }

    [Test]
    public void The_end_of_the_stream_ends_the_wait_with_its_reason([Values] bool stopping)
    {
        var wait = _bus.WaitForAsync(Topic, static _ => false);
        _bus.Publish(Topic, SampleTypes.Delta);
        if (stopping)
        {
            _bus.StopReaders();
        }
        else
        {
            _bus.CloseTopic(Topic);
        }

        var reason = stopping ? EndReason.HostStopping : EndReason.TopicClosed;
        Assert.That(
            async () => await wait.WithinSafetyAsync(),
            Throws.TypeOf<EventStreamEndedException>().With.Property("Reason").EqualTo(reason).And.Message.Contains($"'{Topic}'").And.Message.Contains($"{reason}"));
    }

    [Test]
    public void An_event_published_just_before_the_topic_was_closed_is_found()
    {
        var wait = _bus.WaitForAsync(Topic, static item => item.Type is SampleTypes.Asked);
        _bus.Publish(Topic, SampleTypes.Asked);
        _bus.CloseTopic(Topic);
        Assert.That(async () => (await wait.WithinSafetyAsync()).Sequence, Is.EqualTo(1));
    }

    [Test]
    public void What_the_condition_throws_reaches_the_one_who_waits_and_not_the_publisher()
    {
        var wait = _bus.WaitForAsync(Topic, static _ => throw new InvalidDataException("A bug in the condition."));
        Assert.That(() => _bus.Publish(Topic, SampleTypes.Delta), Throws.Nothing);
        Assert.That(async () => await wait.WithinSafetyAsync(), Throws.InstanceOf<InvalidDataException>());
    }

    [Test]
    public async Task The_condition_may_publish()
    {
        var wait = _bus.WaitForAsync(Topic, item =>
        {
            if (item.Sequence == 1)
            {
                _bus.Publish(Topic, SampleTypes.Delta);
            }

            return item.Sequence == 2;
        });
        _bus.Publish(Topic, SampleTypes.Delta);
        Assert.That((await wait.WithinSafetyAsync()).Sequence, Is.EqualTo(2));
    }

    [Test]
    public async Task A_timeout_of_zero_asks_whether_the_event_has_come_already()
    {
        _bus.PublishMany(Topic, SampleTypes.Delta, 2_000);
        var found = await _bus.WaitForAsync(Topic, static item => item.Sequence == 2_000, EventCursor.Start, TimeSpan.Zero).WithinSafetyAsync();
        Assert.That(found.Sequence, Is.EqualTo(2_000));
        Assert.That(
            async () => await _bus.WaitForAsync(Topic, static _ => false, EventCursor.Start, TimeSpan.Zero).WithinSafetyAsync(), Throws.TypeOf<TimeoutException>());
    }

    [Test]
    public void A_timeout_ends_a_wait_that_a_flood_keeps_busy()
    {
        // Each event brings the next one: there is always something more to look at.
        var wait = _bus.WaitForAsync(
            Topic,
            item =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                _bus.Publish(Topic, SampleTypes.Delta);
                return item.Sequence == 100;
            },
            timeout: TimeSpan.FromSeconds(7));
        _bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(async () => await wait.WithinSafetyAsync(), Throws.TypeOf<TimeoutException>());
    }

    [TestCase(-2L)]
    [TestCase((long)uint.MaxValue)]
    public void A_timeout_out_of_range_is_refused_at_once_with_its_value_and_the_range(long milliseconds)
    {
        var timeout = TimeSpan.FromMilliseconds(milliseconds);
        Assert.That(
            () => { _ = _bus.WaitForAsync(Topic, static _ => true, timeout: timeout); },
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith($"timeout is {timeout}; set it between 00:00:00 and 49.17:02:47.2940000"));
        Assert.That((_bus.TopicCount, _bus.SubscriptionCount), Is.EqualTo((0, 0)));
    }

    [TestCase(-1L)]
    [TestCase(uint.MaxValue - 1L)]
    public async Task The_longest_timeouts_are_accepted(long milliseconds)
    {
        var wait = _bus.WaitForAsync(Topic, static _ => true, timeout: TimeSpan.FromMilliseconds(milliseconds));
        var expected = _bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(await wait.WithinSafetyAsync(), Is.SameAs(expected));
    }

    [Test]
    public async Task It_makes_the_topic_when_there_is_none()
    {
        var wait = _bus.WaitForAsync(Topic, static _ => true);
        Assert.That(_bus.FindTopic(Topic), Is.Not.Null);
        _bus.CloseTopic(Topic);
        await Task.WhenAny(wait).WithinSafetyAsync();
        Assert.That(wait.Exception!.InnerException, Is.TypeOf<EventStreamEndedException>());
    }

    [Test]
    public async Task What_keeps_a_wait_from_beginning_comes_with_its_task()
    {
        await using var full = new EventBus(new EventStreamingOptions { MaxSubscriptions = 1 });
        await using var other = full.Subscribe(Topic);
        Assert.That(full.WaitForAsync(Topic, static _ => true).Exception!.InnerException, Is.TypeOf<SubscriptionLimitException>());
        Assert.That(full.WaitForAsync(" \n", static _ => true).Exception!.InnerException, Is.InstanceOf<ArgumentException>());
        await full.DisposeAsync();
        Assert.That(full.WaitForAsync(Topic, static _ => true).Exception!.InnerException, Is.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Nothing_to_wait_for_is_refused_at_once()
    {
        Assert.That(() => { _ = _bus.WaitForAsync(null!, static _ => true); }, Throws.ArgumentNullException);
        Assert.That(() => { _ = _bus.WaitForAsync(Topic, null!); }, Throws.ArgumentNullException);
    }
}
