using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sockets;

[NonParallelizable]
internal sealed class StalledCrowdTests
{
    /// <summary>What one that does not read may hold of the host's memory, in bytes: see the package's README.</summary>
    private const long PerStalled = 192 * 1024;

    [Test]
    public async Task A_thousand_sockets_that_do_not_read_hold_little_and_are_cut_off_and_a_hundred_others_get_every_event()
    {
        await using var crowd = await Crowd.StartAsync(static app => app.MapEventSocket(
            SocketClient.Path, static options => options.KeepAliveInterval = Timeout.InfiniteTimeSpan));
        await crowd.AddHealthyAsync(static async host =>
        {
            var client = await SocketClient.ConnectAsync(host);
            await client.SubscribeAsync(Crowd.Topic);
            await client.NextEventAsync();
            return (client, async () => EventCursor.TryParse((await client.NextEventAsync()).Text("cursor"), out var cursor) ? cursor.Sequence : 0);
        });
        await crowd.PublishAsync(rounds: 1);
        var before = Memory.InUse();
        await crowd.AddStalledAsync(static host => StalledClients.ConnectSocketAsync(host, Crowd.Topic));
        await crowd.PublishAsync(rounds: 6);
        var held = (Memory.InUse() - before) / Crowd.Stalled;
        await TestContext.Out.WriteLineAsync($"{held} bytes for each that does not read.");
        await crowd.PassDeadlineAsync(2111);

        Assert.That(held, Is.LessThan(PerStalled));
        Assert.That(crowd.Host.Log.Of(2114), Has.Count.EqualTo(Crowd.Stalled).And.All.Property("Message").Contains("SlowConsumer"));
        Assert.That(crowd.Host.Log.Of(2111), Has.Count.EqualTo(Crowd.Stalled).And.All.Property("Message").Contains("closed with 1013"));
        await Places.UntilAsync(crowd.Host.Limits, Crowd.Healthy);
        Assert.That(crowd.Host.Bus.SubscriptionCount, Is.EqualTo(Crowd.Healthy));
        await crowd.PublishLastAsync();
    }
}
