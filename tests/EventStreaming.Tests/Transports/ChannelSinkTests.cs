using System.Threading.Channels;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Transports;

internal sealed class ChannelSinkTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task A_stream_is_written_into_the_channel_whose_bound_holds_the_pump_back()
    {
        await using var bus = new EventBus();
        var channel = Channel.CreateBounded<StreamEvent>(1);
        var run = EventPump.RunAsync(bus.Subscribe(Topic), new ChannelSink(channel.Writer));
        for (var i = 1; i <= 100; i++)
        {
            bus.Publish(Topic, "step", i);
        }

        bus.CloseTopic(Topic);
        var read = await channel.Reader.ReadAllAsync().ToListAsync().AsTask().WithinSafetyAsync();

        Assert.That(await run.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
        Assert.That(read.Select(static item => item.Data).Where(static data => data is int), Is.EqualTo(Enumerable.Range(1, 100)));
        Assert.That((read[0].Type, read[^1].Type), Is.EqualTo((ControlEvents.Open, ControlEvents.End)));
        Assert.That(channel.Reader.Completion.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public async Task A_channel_completed_by_its_reader_ends_the_stream_as_transport_closed()
    {
        await using var bus = new EventBus();
        var channel = Channel.CreateUnbounded<StreamEvent>();
        channel.Writer.Complete();
        var subscription = bus.Subscribe(Topic);

        Assert.That(await EventPump.RunAsync(subscription, new ChannelSink(channel.Writer)).WithinSafetyAsync(), Is.EqualTo(EndReason.TransportClosed));
        Assert.That(subscription.Exception, Is.TypeOf<IOException>().With.InnerException.InstanceOf<ChannelClosedException>());
    }

    [Test]
    public async Task A_channel_that_nobody_reads_is_completed_with_the_reason_at_the_write_deadline()
    {
        var clock = new ManualTimeProvider();
        await using var bus = new EventBus(timeProvider: clock);
        var channel = Channel.CreateBounded<StreamEvent>(1);
        var run = EventPump.RunAsync(bus.Subscribe(Topic), new ChannelSink(channel.Writer));
        bus.Publish(Topic, "step");
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(30), run);

        Assert.That(await run, Is.EqualTo(EndReason.SlowConsumer));
        Assert.That((await channel.Reader.ReadAsync()).Type, Is.EqualTo(ControlEvents.Open));
        Assert.That(
            async () => await channel.Reader.Completion.WithinSafetyAsync(),
            Throws.InstanceOf<EventStreamEndedException>().With.Property(nameof(EventStreamEndedException.Reason)).EqualTo(EndReason.SlowConsumer));
    }
}
