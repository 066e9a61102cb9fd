using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.History;

internal sealed class HistoryAgeTests
{
    private const string Topic = "session-1";
    private static readonly TimeSpan s_maxAge = TimeSpan.FromSeconds(160);
    private static readonly TimeSpan s_sixteenth = s_maxAge / 16;

    private ManualTimeProvider _clock = null!; // Set before each test.
    private EventBus _bus = null!;

    [SetUp]
    public void Create()
    {
        _clock = new ManualTimeProvider();
        _bus = SampleTypes.CreateBus(static options => options.History.MaxAge = s_maxAge, _clock);
    }

    [TearDown]
    public async Task DisposeAsync() => await _bus.DisposeAsync();

    [Test]
    public void Events_go_when_they_are_too_old_and_not_before([Values(SampleTypes.Delta, SampleTypes.Asked)] string type)
    {
        _bus.Publish(Topic, type);
        _clock.Advance(s_maxAge - TimeSpan.FromTicks(1));
        Assert.That(HistoryCount, Is.EqualTo(1));
        _clock.Advance(s_sixteenth + TimeSpan.FromTicks(1));
        Assert.That(HistoryCount, Is.Zero);
        Assert.That(_bus.FindTopic(Topic)!.HistoryBytes, Is.Zero);
    }

    [Test]
    public void Each_event_goes_at_its_own_age()
    {
        _bus.Publish(Topic, SampleTypes.Delta);
        _clock.Advance(s_maxAge / 2);
        _bus.Publish(Topic, SampleTypes.Delta);
        _clock.Advance((s_maxAge / 2) + s_sixteenth);
        Assert.That(HistoryCount, Is.EqualTo(1));
        _clock.Advance((s_maxAge / 2) - s_sixteenth - TimeSpan.FromTicks(1));
        Assert.That(HistoryCount, Is.EqualTo(1));
        _clock.Advance(s_sixteenth + TimeSpan.FromTicks(1));
        Assert.That(HistoryCount, Is.Zero);
    }

    [Test]
    public void A_topic_that_never_rests_forgets_what_is_too_old()
    {
        for (var i = 0; i < 400; i++)
        {
            _bus.Publish(Topic, SampleTypes.Delta);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(HistoryCount, Is.InRange(160, 180));
    }

    [TestCase(365 * 24)]
    [TestCase(-365 * 24)]
    public void A_step_of_the_wall_clock_evicts_nothing_and_keeps_nothing_longer(int hours)
    {
        _bus.Publish(Topic, SampleTypes.Delta);
        _clock.Advance(s_sixteenth);
        _clock.StepWallClock(TimeSpan.FromHours(hours));
        _clock.Advance(s_sixteenth);
        Assert.That(HistoryCount, Is.EqualTo(1));
        _clock.Advance(s_maxAge);
        Assert.That(HistoryCount, Is.Zero);
    }

    [Test]
    public async Task A_reader_that_resumes_behind_what_age_took_is_told()
    {
        var first = _bus.Publish(Topic, SampleTypes.Delta);
        _bus.PublishMany(Topic, SampleTypes.Delta, 3);
        _clock.Advance(s_maxAge + s_sixteenth);
        _bus.Publish(Topic, SampleTypes.Delta);
        await using var reader = _bus.Subscribe(Topic, first.Cursor);

        Assert.That(reader.Outcome, Is.EqualTo(ResumeOutcome.Gap));
        Assert.That(reader.ReadAvailable().Summaries(), Is.EqualTo(["gap 2-4 (3 Evicted)", "5"]));
    }

    private int HistoryCount => _bus.FindTopic(Topic)!.HistoryCount;
}
