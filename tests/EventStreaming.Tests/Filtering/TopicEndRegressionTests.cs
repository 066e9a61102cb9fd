using NUnit.Framework;

namespace EventStreaming.Tests.Filtering;

/// <summary>What the model test found wrong with the end of filtered subscriptions.</summary>
internal sealed class TopicEndRegressionTests
{
    private static readonly EventCatalog s_catalog = new(new EventTypeDescriptor("done") { Terminal = true });

    /// <summary>It ended a reader that came after it, but left one that was there waiting for ever.</summary>
    [Test]
    public async Task The_topics_end_ends_a_reader_of_one_source_whoever_says_it_and_whenever_the_reader_came()
    {
        await using var bus = new EventBus(catalog: s_catalog);
        var options = new SubscriptionOptions { Topic = "t", Source = "queen" };
        await using var early = bus.Subscribe(options);
        bus.Publish("t", "done");
        await using var late = bus.Subscribe(options);

        Assert.That(early.EndReason, Is.EqualTo(EndReason.Completed));
        Assert.That(late.EndReason, Is.EqualTo(EndReason.Completed));
    }

    [Test]
    public async Task The_topics_end_ends_a_reader_of_one_correlation_whoever_says_it()
    {
        await using var bus = new EventBus(catalog: s_catalog);
        await using var reader = bus.Subscribe(new SubscriptionOptions { Topic = "t", CorrelationId = "c1" });
        await bus.PublishAsync("t", new EventDraft("done") { CorrelationId = "c2" });

        Assert.That(reader.EndReason, Is.EqualTo(EndReason.Completed));
    }

    [Test]
    public async Task A_workers_end_does_not_end_a_reader_of_the_topic()
    {
        await using var bus = new EventBus(catalog: s_catalog);
        await using var reader = bus.Subscribe(new SubscriptionOptions { Topic = "t", IncludeWorkers = true });
        await bus.PublishAsync("t", new EventDraft("done") { Source = "worker:1" });

        Assert.That(reader.EndReason, Is.Null);
    }
}
