using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Progressing;

internal sealed class DurationEstimatorTests
{
    [Test]
    public void The_newer_runs_count_for_more()
    {
        var durations = new DurationEstimator();
        for (var i = 0; i < 20; i++)
        {
            durations.Learn("index", "reading", Seconds(10), Seconds(100));
        }

        durations.Learn("index", "reading", Seconds(20), Seconds(200));

        Assert.That(durations.Estimate("index", "reading", TimeSpan.Zero)!.Value.TotalSeconds, Is.EqualTo(130).Within(0.001));
    }

    [Test]
    public void A_stage_that_takes_longer_than_it_used_to_is_about_to_end()
    {
        var durations = new DurationEstimator();
        durations.Learn("index", "reading", Seconds(10), Seconds(100));

        Assert.That(durations.Estimate("index", "reading", Seconds(50)), Is.EqualTo(Seconds(90)));
        Assert.That(durations.Estimate("index", "writing", Seconds(50)), Is.Null);
        Assert.That(durations.Estimate("chat", "reading", Seconds(50)), Is.Null);
    }

    [Test]
    public void What_was_heard_of_longest_ago_makes_room()
    {
        var durations = new DurationEstimator(capacity: 2);
        durations.Learn("index", "a", Seconds(1), Seconds(1));
        durations.Learn("index", "b", Seconds(1), Seconds(1));
        durations.Learn("index", "a", Seconds(1), Seconds(1));
        durations.Learn("index", "c", Seconds(1), Seconds(1));

        Assert.That(string.Concat("abc".Where(stage => durations.Estimate("index", $"{stage}", TimeSpan.Zero) is not null)), Is.EqualTo("ac"));
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
