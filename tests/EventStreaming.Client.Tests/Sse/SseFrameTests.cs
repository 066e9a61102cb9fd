using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sse;

internal sealed class SseFrameTests
{
    [Test]
    public void Frames_are_equal_by_what_they_say()
    {
        var frame = new SseFrame("e", "x"u8.ToArray(), "1");

        Assert.That(new SseFrame("e", "x"u8.ToArray(), "1"), Is.EqualTo(frame));
        Assert.That(new SseFrame("e", "x"u8.ToArray(), "1").GetHashCode(), Is.EqualTo(frame.GetHashCode()));
        Assert.That(frame with { Data = "y"u8.ToArray() }, Is.Not.EqualTo(frame));
        Assert.That(frame with { EventType = "E" }, Is.Not.EqualTo(frame));
        Assert.That(frame with { Id = null }, Is.Not.EqualTo(frame));
    }
}
