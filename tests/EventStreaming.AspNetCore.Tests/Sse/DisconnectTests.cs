using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sse;

internal sealed class DisconnectTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task A_client_that_goes_ends_its_subscription_as_transport_closed_and_gives_back_its_place([Values] bool byReset)
    {
        await using var host = await StreamHost.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var client = await RawClient.SendAsync(host.Address, [$"GET {StreamHost.PathOf(Topic)} HTTP/1.1"]);
        await client.ReadUntilAsync("stream.open");
        Assert.That((host.Limits.Count, host.Bus.SubscriptionCount), Is.EqualTo((1, 1)));

        if (byReset)
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }

        await host.Log.UntilAsync(2001);
        Assert.That(host.Log.Of(2001).Single().Message, Does.Contain("TransportClosed").And.Contain($"'{Topic}'"));
        await Places.UntilAsync(host.Limits, 0);
        Assert.That(host.Bus.SubscriptionCount, Is.Zero);
    }

    [Test]
    public async Task A_client_that_stops_reading_is_cut_off_at_the_write_deadline()
    {
        var clock = new ManualTimeProvider();
        await using var host = await StalledClients.StartAsync(clock);
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var client = await StalledClients.ConnectAsync(host, Topic);
        StalledClients.Flood(host.Bus, Topic);
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(10), host.Log.UntilAsync(2001));

        Assert.That(host.Log.Of(2001).Single().Message, Does.Contain("SlowConsumer"));
        Assert.That(await client.ReadToCutAsync(), Is.True, "Not left to wait for what will not come.");
        await Places.UntilAsync(host.Limits, 0);
    }

    [Test]
    public async Task A_client_that_stops_reading_disturbs_no_other()
    {
        await using var host = await StalledClients.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var stalled = await StalledClients.ConnectAsync(host, Topic);
        using var healthy = await host.OpenAsync(StreamHost.PathOf(Topic));
        await healthy.NextEventAsync();
        StalledClients.Flood(host.Bus, Topic);

        var frames = await healthy.NextEventsAsync(40);
        Assert.That(frames.Select(static frame => frame.Event), Is.All.EqualTo(SampleTypes.Asked));
    }

    [Test]
    public async Task A_large_event_comes_whole()
    {
        await using var host = await StreamHost.StartAsync();
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(static number => $"{number} "));
        host.Bus.Publish(Topic, SampleTypes.Delta, text);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));

        Assert.That((await stream.NextEventsAsync(2))[1].Payload.GetString(), Is.EqualTo(text));
    }
}
