using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sockets;

internal sealed class EncodeOnceTests
{
    [Test]
    public async Task Fifty_sockets_cost_one_serialization_of_each_event()
    {
        await using var host = await SocketMessages.StartAsync();
        host.Bus.Publish("a", SampleTypes.Iteration);
        var clients = new List<SocketClient>();
        for (var i = 0; i < 50; i++)
        {
            clients.Add(await SocketClient.ConnectAsync(host));
            await clients[i].SubscribeAsync("a");
            await clients[i].NextEventAsync();
        }

        var payloads = Enumerable.Range(0, 50).Select(static _ => new CountedPayload()).ToArray();
        foreach (var payload in payloads)
        {
            host.Bus.Publish("a", SampleTypes.Delta, payload);
        }

        foreach (var client in clients)
        {
            Assert.That((await client.NextEventsAsync(payloads.Length)).Select(static message => message.Data().GetInt32()), Is.All.EqualTo(1));
            client.Dispose();
        }

        Assert.That(payloads.Select(static payload => payload.Writes), Is.All.EqualTo(1));
    }
}
