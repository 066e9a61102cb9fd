using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Tests.Events;

internal sealed class EventSizeTests
{
    private static readonly EventTypeDescriptor<string> s_sized = new("sized") { Size = static text => int.Parse(text, null) };

    [Test]
    public async Task An_events_size_is_its_envelope_and_what_its_payload_takes()
    {
        await using var bus = new EventBus();
        Assert.That(SizeOf(null), Is.Zero);
        Assert.That(SizeOf("four"), Is.EqualTo(8));
        Assert.That(SizeOf(new byte[5]), Is.EqualTo(5));
        Assert.That(SizeOf(new ReadOnlyMemory<byte>(new byte[6])), Is.EqualTo(6));
        Assert.That(SizeOf(JsonPayload.Parse("[1,2]"u8.ToArray())), Is.EqualTo(5));
        Assert.That(SizeOf(new object()), Is.EqualTo(EventSize.Assumed));

        int SizeOf(object? data) => bus.Publish("session-1", SampleTypes.Delta, data).Size - EventSize.Envelope;
    }

    [TestCase("1000", 1000)]
    [TestCase("0", 0)]
    [TestCase("-5", 0)]
    public async Task A_type_may_say_its_payloads_size(string data, int size)
    {
        await using var bus = new EventBus(catalog: new EventCatalog(s_sized));
        Assert.That(bus.Publish("session-1", s_sized, data).Size, Is.EqualTo(EventSize.Envelope + size));
    }

    [Test]
    public async Task An_event_above_the_limit_is_refused_with_its_size_the_limit_and_a_way_out()
    {
        await using var bus = new EventBus(new EventStreamingOptions { MaxEventBytes = 1_024 });
        Assert.That(() => bus.Publish("session-1", SampleTypes.Delta, new byte[1_024 - EventSize.Envelope]), Throws.Nothing);
        Assert.That(
            () => bus.Publish("session-1", SampleTypes.Delta, new byte[1_025 - EventSize.Envelope]),
            Throws.ArgumentException.With.Message.Contains("1025").And.Message.Contains("1024").And.Message.Contains("MaxEventBytes").And.Message.Contains(SampleTypes.Delta));
        Assert.That(bus.FindTopic("session-1")!.Head.Sequence, Is.EqualTo(1));
    }
}
