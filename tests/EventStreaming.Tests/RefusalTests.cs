using NUnit.Framework;

namespace EventStreaming.Tests;

/// <summary>What a bus refuses at the door, because let in it would be lost, or break a bound, without a word.</summary>
internal sealed class RefusalTests
{
    private static readonly EventTypeDescriptor<string> s_failed = new("run.failed") { Critical = true };

    [Test]
    public void A_draft_of_a_type_that_the_bus_does_not_have_is_refused_and_not_published_as_a_normal_event()
    {
        using var bus = new EventBus();

        Assert.That(() => bus.Publish("session-1", s_failed.Draft("why")), Throws.ArgumentException.With.Message.Contains("'run.failed'"));
        Assert.That(() => bus.Publish("session-1", s_failed, "why"), Throws.ArgumentException.With.Message.Contains("catalog"));
        Assert.That(bus.FindTopic("session-1"), Is.Null);
    }

    [Test]
    public void A_draft_of_another_type_of_the_same_name_is_refused()
    {
        using var bus = new EventBus(catalog: new EventCatalog(new EventTypeDescriptor<string>("run.failed")));

        Assert.That(() => bus.Publish("session-1", s_failed.Draft("why")), Throws.ArgumentException.With.Message.Contains("'run.failed'"));
    }

    [Test]
    public void A_size_beyond_counting_is_over_the_limit()
    {
        using var bus = new EventBus(catalog: new EventCatalog(new EventTypeDescriptor<string>("huge") { Size = static _ => int.MaxValue }));

        Assert.That(() => bus.Publish("session-1", "huge", "x"), Throws.ArgumentException.With.Message.Contains("MaxEventBytes"));
    }

    [Test]
    public void Half_a_surrogate_pair_in_a_topic_is_refused([Values(0xD800, 0xDBFF, 0xDC00, 0xDFFF)] int half)
    {
        using var bus = new EventBus();

        // By number: an attribute's text is stored as UTF-8, which has no way to write half a pair.
        Assert.That(() => bus.Publish("session-" + (char)half, "status"), Throws.ArgumentException.With.Message.Contains("surrogate"));
    }

    [Test]
    public void A_whole_surrogate_pair_in_a_topic_is_taken()
    {
        using var bus = new EventBus();

        Assert.That(bus.Publish("\ud83d\ude80", "status").Topic, Is.EqualTo("\ud83d\ude80"));
    }
}
