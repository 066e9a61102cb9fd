using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Subscriptions;

internal sealed class MustExistTests : BusFixture
{
    [Test]
    public void A_topic_that_must_be_there_is_not_made()
    {
        var options = new SubscriptionOptions { Topic = Topic, MustExist = true };
        Assert.That(() => Bus.Subscribe(options), Throws.InstanceOf<TopicNotFoundException>().With.Message.Contains($"'{Topic}'").And.Message.Contains("MustExist"));
        Assert.That((Bus.TopicCount, Bus.SubscriptionCount), Is.EqualTo((0, 0)));

        Bus.Publish(Topic, SampleTypes.Delta);
        var reader = Bus.Subscribe(options);
        Assert.That(reader.ReadAvailable().Sequences(), Is.EqualTo([1L]));

        Bus.CloseTopic(Topic);
        Assert.That(() => Bus.Subscribe(options), Throws.InstanceOf<TopicNotFoundException>());
        Assert.That(Bus.TopicCount, Is.Zero);
    }

    [Test]
    public void All_topics_need_not_be_there() =>
        Assert.That(() => Bus.Subscribe(new SubscriptionOptions { MustExist = true }), Throws.ArgumentException.With.Message.Contains("set Topic"));

    [Test]
    public async Task Of_one_that_is_closed_meanwhile_a_subscriber_gets_its_end_or_is_told_that_it_is_not_there()
    {
        for (var round = 0; round < 500; round++)
        {
            Bus.Publish(Topic, SampleTypes.Delta);
            var closing = Task.Run(() => Bus.CloseTopic(Topic));
            try
            {
                var reader = Bus.Subscribe(new SubscriptionOptions { Topic = Topic, MustExist = true });
                Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
            }
            catch (TopicNotFoundException)
            {
                // It was gone already.
            }

            await closing.WithinSafetyAsync();
            Assert.That(Bus.TopicCount, Is.Zero);
        }
    }
}
