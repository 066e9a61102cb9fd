using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sse;

internal sealed class EncodeOnceTests
{
    [Test]
    public async Task A_hundred_connections_to_two_endpoints_cost_one_serialization_of_each_event()
    {
        const string Topic = "session-1";
        await using var host = await StreamHost.StartAsync(static app =>
        {
            app.MapEventStream(StreamHost.Pattern);
            app.MapEventStream("/other/{topic}");
        });
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        var streams = new List<SseStream>();
        for (var i = 0; i < 100; i++)
        {
            streams.Add(await host.OpenAsync(i % 2 == 0 ? StreamHost.PathOf(Topic) : $"/other/{Topic}"));
            await streams[i].NextEventAsync();
        }

        var payloads = Enumerable.Range(0, 50).Select(static _ => new CountedPayload()).ToArray();
        foreach (var payload in payloads)
        {
            host.Bus.Publish(Topic, SampleTypes.Delta, payload);
        }

        foreach (var stream in streams)
        {
            Assert.That((await stream.NextEventsAsync(payloads.Length)).Select(static frame => frame.Payload.GetInt32()), Is.All.EqualTo(1));
            stream.Dispose();
        }

        Assert.That(payloads.Select(static payload => payload.Writes), Is.All.EqualTo(1));
    }
}
