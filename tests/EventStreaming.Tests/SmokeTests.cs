using NUnit.Framework;

namespace EventStreaming.Tests;

internal sealed class SmokeTests
{
    [Test]
    public async Task A_reader_gets_what_is_published()
    {
        await using var bus = new EventBus();
        await using var reader = bus.Subscribe("session-1");
        bus.Publish("session-1", "status", "Reading files");

        Assert.That(reader.TryRead(out var item), Is.True);
        Assert.That(item!.Data, Is.EqualTo("Reading files"));
    }
}
