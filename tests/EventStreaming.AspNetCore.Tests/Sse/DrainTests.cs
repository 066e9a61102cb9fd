using System.Globalization;
using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sse;

internal sealed class DrainTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task A_stop_with_two_hundred_open_streams_tells_each_client_to_come_back_and_ends_in_order()
    {
        const int Count = 200;
        await using var host = await StreamHost.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        var streams = new List<SseStream>();
        for (var i = 0; i < Count; i++)
        {
            streams.Add(await host.OpenAsync(StreamHost.PathOf(Topic)));
            await streams[i].NextEventAsync();
        }

        var last = host.Bus.Publish(Topic, SampleTypes.Delta, "last words");
        var stop = host.StopAsync();
        var retries = new HashSet<int>();
        foreach (var stream in streams)
        {
            var rest = await stream.ReadToEndAsync();
            Assert.That(rest.Select(static frame => frame.Event), Is.EqualTo([SampleTypes.Delta, "stream.end", null]));
            Assert.That(rest[1].Payload.GetRawText(), Is.EqualTo($$"""{"reason":"hostStopping","cursor":"{{last.Cursor}}"}"""));
            retries.Add(int.Parse(rest[2].Retry!, CultureInfo.InvariantCulture));
            stream.Dispose();
        }

        await stop.WithinSafetyAsync();
        Assert.That(retries, Has.All.InRange(2_000, 6_000));
        Assert.That(retries, Has.Count.GreaterThan(Count / 4), "They come back at different times.");
        Assert.That((host.Limits.Count, host.Bus.SubscriptionCount), Is.EqualTo((0, 0)));
        Assert.That(host.Log.Of(2001), Has.Count.EqualTo(Count).And.All.Property("Message").Contains("HostStopping"));
    }

    [Test]
    public async Task A_client_that_connects_while_the_host_stops_gets_a_stream_that_ends_not_an_error()
    {
        await using var host = await StreamHost.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        host.Bus.StopReaders();
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));

        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await stream.ReadToEndAsync()).Select(static frame => frame.Event ?? "retry"), Is.EqualTo(["retry", "stream.open", "stream.end", "retry"]));
    }

    [Test]
    public async Task A_client_that_connects_after_the_bus_is_gone_is_told_to_come_back()
    {
        var authorizer = new StubAuthorizer(static (_, _) => TopicAccess.Allowed());
        await using var host = await StreamHost.StartAsync(services: authorizer.Add);
        await host.Bus.DisposeAsync();
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));

        Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(int.Parse((await stream.ReadToEndAsync()).Single().Retry!, CultureInfo.InvariantCulture), Is.InRange(2_000, 6_000));
        Assert.That(host.Limits.Count, Is.Zero);
    }

    [Test]
    public async Task A_stop_waits_for_no_client_that_has_stopped_reading()
    {
        await using var host = await StalledClients.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var stalled = await StalledClients.ConnectAsync(host, Topic);
        StalledClients.Flood(host.Bus, Topic);
        await host.StopAsync().WithinSafetyAsync();

        Assert.That(host.Log.Of(2001).Single().Message, Does.Contain("HostStopping"));
        Assert.That(host.Limits.Count, Is.Zero);
    }
}
