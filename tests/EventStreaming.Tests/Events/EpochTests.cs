using NUnit.Framework;

namespace EventStreaming.Tests.Events;

internal sealed class EpochTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void Epochs_sort_by_time_as_text()
    {
        var tokens = Enumerable.Range(0, 200).Select(static i => Epoch.Create("session-1", s_now.AddMilliseconds(i * 37))).ToList();
        Assert.That(tokens, Is.Ordered.Ascending.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(tokens, Has.All.Matches<string>(static token => Epoch.IsWellFormed(token)));
    }

    [Test]
    public void Two_lives_of_a_topic_in_the_same_millisecond_have_different_epochs() =>
        Assert.That(new[] { Epoch.Create("session-1", s_now), Epoch.Create("session-1", s_now) }, Is.Unique);

    [Test]
    public void An_epoch_is_known_to_be_its_topics_and_no_others()
    {
        var token = Epoch.Create("session-1", s_now);
        Assert.That(Epoch.BelongsTo(token, "session-1"), Is.True);
        Assert.That(Epoch.BelongsTo(token, "session-2"), Is.False);
        Assert.That(Epoch.BelongsTo(token + "0", "session-1"), Is.False);
        Assert.That(Epoch.BelongsTo(token[1..], "session-1"), Is.False);
        Assert.That(Epoch.BelongsTo(string.Empty, "session-1"), Is.False);
    }

    [Test]
    public void A_clock_before_1970_makes_an_epoch_all_the_same() =>
        Assert.That(Epoch.Create("session-1", new DateTimeOffset(1960, 1, 1, 0, 0, 0, TimeSpan.Zero)), Does.StartWith("0000000000"));
}
