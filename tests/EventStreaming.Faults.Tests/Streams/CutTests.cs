using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Faults.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Faults.Tests.Streams;

internal sealed class CutTests
{
    private const int Events = 3;

    [Test]
    public async Task Cut_after_any_number_of_bytes_every_event_comes_once_and_in_order([Values] bool byReset)
    {
        // Odd connections are the ones on which a client comes back.
        long? cut = null;
        await using var host = await Site.StartHostAsync();
        await using var proxy = FaultProxy.Start(host.Address, connection =>
        {
            if (cut is { } place && connection.Number % 2 == 1)
            {
                connection.ToClient.CutAt(place, byReset);
            }
        });
        Publish(host);
        var whole = await StreamClients.Create().Read(proxy).ToListAsync();
        var length = (await proxy.NextAsync()).ToClient.Forwarded;
        Assert.That(whole.Select(static item => item.Type), Is.EqualTo(["stream.open", .. Enumerable.Repeat(SampleTypes.Delta, Events), "stream.end"]));

        for (cut = 0; cut < length; cut++)
        {
            var stream = StreamClients.Create().Read(proxy);
            var events = await stream.ToListAsync();

            Assert.That(
                events.Where(static item => item.Type is SampleTypes.Delta).Select(static item => item.Sequence), Is.EqualTo(Enumerable.Range(1, Events)), $"Cut at {cut} of {length}.");
            Assert.That(stream.Duplicates, Is.Zero, $"Cut at {cut} of {length}.");
        }
    }

    private static void Publish(StreamHost host)
    {
        for (var number = 1; number <= Events; number++)
        {
            host.Bus.Publish(Site.Topic, SampleTypes.Delta, number);
        }

        host.Bus.Publish(Site.Topic, SampleTypes.Completed);
    }
}
