using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Topics;

internal sealed class TopicNameTests
{
    [TestCase("", "0 characters")]
    [TestCase("a\nb", "'a?b'")]
    [TestCase("\u0000", "'?'")]
    [TestCase("tab\t", "'tab?'")]
    public async Task A_bad_name_is_refused_by_publish_and_subscribe_and_shown_safely(string name, string shown)
    {
        await using var bus = new EventBus();
        Assert.That(() => bus.Publish(name, SampleTypes.Delta), Throws.ArgumentException.With.Message.Contains(shown));
        Assert.That(() => bus.Subscribe(name), Throws.ArgumentException.With.Message.Contains(shown));
        Assert.That(TopicName.IsValid(name), Is.False);
        Assert.That((bus.TopicCount, bus.SubscriptionCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_name_has_1_to_256_characters_of_any_script()
    {
        await using var bus = new EventBus();
        Assert.That(() => bus.Publish(new string('x', 256), SampleTypes.Delta), Throws.Nothing);
        Assert.That(() => bus.Publish("会議-1 ☂", SampleTypes.Delta), Throws.Nothing);
        Assert.That(() => bus.Publish(new string('x', 257), SampleTypes.Delta), Throws.ArgumentException.With.Message.Contains("257").And.Message.Contains("1 to 256"));
        Assert.That(() => bus.Publish(null!, SampleTypes.Delta), Throws.ArgumentNullException);
        Assert.That(new[] { new string('x', 256), "会議-1 ☂", new string('x', 257), "half \ud83d", null }.Select(TopicName.IsValid), Is.EqualTo([true, true, false, false, false]));
    }

    [Test]
    public async Task Names_that_differ_in_case_are_two_topics()
    {
        await using var bus = new EventBus();
        bus.Publish("Session", SampleTypes.Delta);
        bus.Publish("session", SampleTypes.Delta);
        Assert.That(bus.TopicCount, Is.EqualTo(2));
    }
}
