using EventStreaming.Tests.Support;
using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class WaitForMissedTests
{
    private const string Topic = "session-1";
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(7);

    private ManualTimeProvider _clock = null!; // Set before each test.
    private EventBus _bus = null!;

    [SetUp]
    public void Create()
    {
        _clock = new ManualTimeProvider();
        _bus = SampleTypes.CreateBus(static options => (options.History.Capacity, options.History.CriticalCapacity) = (4, 0), _clock);
    }

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public void A_timeout_says_how_much_of_the_history_it_looked_back_over_was_gone()
    {
        _bus.PublishMany(Topic, SampleTypes.Delta, 10);
        AssertTimesOut(Wait(static _ => false, EventCursor.Start), Does.Contain("It may be one of 6 events that were lost").And.Contain("History.Capacity").And.Not.Contain("since"));
    }

    [Test]
    public async Task A_timeout_says_what_was_evicted_while_the_condition_was_tested()
    {
        var atNewest = Signals.Create();
        var wait = Wait(item =>
        {
            if (item.Sequence == 1)
            {
                _bus.PublishMany(Topic, SampleTypes.Delta, 5_000);
            }
            else if (item.Sequence == 5_001)
            {
                atNewest.SetResult();
            }

            return false;
        });
        _bus.Publish(Topic, SampleTypes.Delta);
        await atNewest.Task.WithinSafetyAsync();
        AssertTimesOut(wait, Does.Match("It may be one of 4[0-9]{3} events that were lost"));
    }

    [Test]
    public void A_timeout_says_when_the_topic_began_anew_since_the_cursor()
    {
        var since = _bus.Publish(Topic, SampleTypes.Delta).Cursor;
        _bus.CloseTopic(Topic);
        _bus.PublishMany(Topic, SampleTypes.Delta, 6);
        AssertTimesOut(
            Wait(static _ => false, since),
            Does.Contain($"It may have come earlier: the cursor '{since}'").And.Contain($"({ResumeOutcome.EpochChanged})").And.Contain("one of 2 events"));
    }

    [TestCase("unknown", 3, ResumeOutcome.Unknown)]
    [TestCase(null, 300, ResumeOutcome.Ahead)]
    public void A_timeout_says_when_the_cursor_is_not_of_this_topic(string? epoch, long sequence, ResumeOutcome outcome)
    {
        var since = new EventCursor(epoch ?? _bus.Publish(Topic, SampleTypes.Delta).Cursor.EpochToken, sequence);
        AssertTimesOut(Wait(static _ => false, since), Does.Contain($"the cursor '{since}' leads nowhere").And.Contain($"({outcome})"));
    }

    [Test]
    public void The_end_of_the_stream_says_it_too()
    {
        _bus.PublishMany(Topic, SampleTypes.Delta, 10);
        var wait = Wait(static _ => false, EventCursor.Start);
        _bus.CloseTopic(Topic);
        Assert.That(async () => await wait.WithinSafetyAsync(), Throws.TypeOf<EventStreamEndedException>().With.Message.Contains("one of 6 events"));
    }

    [Test]
    public void A_gap_that_somebody_published_as_a_payload_is_an_event()
    {
        _bus.Publish(Topic, SampleTypes.Delta, new Gap(1, 5, 5, GapReason.Evicted));
        AssertTimesOut(Wait(static _ => false, EventCursor.Start), Does.Not.Contain("lost"));
    }

    private Task<StreamEvent> Wait(Func<StreamEvent, bool> predicate, EventCursor? since = null) => _bus.WaitForAsync(Topic, predicate, since, s_timeout);

    private void AssertTimesOut(Task<StreamEvent> wait, IResolveConstraint message) => Assert.That(
        async () =>
        {
            await _clock.AdvanceUntilAsync(s_timeout, Task.WhenAny(wait));
            await wait;
        },
        Throws.TypeOf<TimeoutException>().With.Message.Matches(message));
}
