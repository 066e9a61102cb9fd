using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sse;

[NonParallelizable]
internal sealed class StalledCrowdTests
{
    /// <summary>What one that does not read may hold of the host's memory, in bytes: see the package's README.</summary>
    private const long PerStalled = 192 * 1024;

    [Test]
    public async Task A_thousand_clients_that_do_not_read_hold_little_and_are_cut_off_and_a_hundred_others_get_every_event()
    {
        await using var crowd = await Crowd.StartAsync(static app => app.MapEventStream(
            StreamHost.Pattern, static options => options.Pump.KeepAliveInterval = Timeout.InfiniteTimeSpan));
        await crowd.AddHealthyAsync(static async host =>
        {
            var stream = await host.OpenAsync(StreamHost.PathOf(Crowd.Topic));
            await stream.NextEventAsync();
            return (stream, async () => EventCursor.TryParse((await stream.NextEventAsync()).Id, out var cursor) ? cursor.Sequence : 0);
        });
        await crowd.PublishAsync(rounds: 1);
        var before = Memory.InUse();
        await crowd.AddStalledAsync(static host => StalledClients.ConnectAsync(host, Crowd.Topic));
        await crowd.PublishAsync(rounds: 6);
        var held = (Memory.InUse() - before) / Crowd.Stalled;
        await TestContext.Out.WriteLineAsync($"{held} bytes for each that does not read.");
        await crowd.PassDeadlineAsync(2001);

        Assert.That(held, Is.LessThan(PerStalled));
        Assert.That(crowd.Host.Log.Of(2001), Has.Count.EqualTo(Crowd.Stalled).And.All.Property("Message").Contains("SlowConsumer"));
        await Places.UntilAsync(crowd.Host.Limits, Crowd.Healthy);
        Assert.That(crowd.Host.Bus.SubscriptionCount, Is.EqualTo(Crowd.Healthy));
        await crowd.PublishLastAsync();
    }
}
