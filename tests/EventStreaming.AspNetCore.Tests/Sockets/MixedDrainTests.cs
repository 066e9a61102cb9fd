using System.Globalization;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sockets;

[NonParallelizable]
internal sealed class MixedDrainTests
{
    private const string Topic = "session-1";
    private const int OfEach = 500;

    [Test]
    public async Task A_stop_with_a_thousand_open_streams_tells_each_client_to_come_back_and_needs_less_than_two_seconds()
    {
        // When that is over the host cuts off whoever is left, and says so: a client that has not been told, or an error here.
        await using var host = await StreamHost.StartAsync(
            static app =>
            {
                app.MapEventStream(StreamHost.Pattern);
                app.MapEventSocket(SocketClient.Path);
            },
            configure: static builder =>
            {
                builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
                builder.Logging.AddFilter("Microsoft", LogLevel.None);
            });
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        var streams = new List<SseStream>();
        var sockets = new List<SocketClient>();
        for (var i = 0; i < OfEach; i++)
        {
            streams.Add(await host.OpenAsync(StreamHost.PathOf(Topic)));
            await streams[i].NextEventAsync();
            sockets.Add(await SocketClient.ConnectAsync(host));
            await sockets[i].SubscribeAsync(Topic);
            await sockets[i].NextEventAsync();
        }

        var last = host.Bus.Publish(Topic, SampleTypes.Delta, "last words").Cursor.ToString();
        var ends = Task.WhenAll(streams.Select(static stream => Task.Run(stream.ReadToEndAsync)));
        var closes = Task.WhenAll(sockets.Select(static socket => Task.Run(socket.ReadToCloseAsync)));

        await host.StopAsync().WithinSafetyAsync();

        foreach (var frames in await ends)
        {
            Assert.That(frames.Select(static frame => frame.Event), Is.EqualTo([SampleTypes.Delta, "stream.end", null]));
            Assert.That(frames[1].Payload.GetRawText(), Is.EqualTo($$"""{"reason":"hostStopping","cursor":"{{last}}"}"""));
            Assert.That(int.Parse(frames[2].Retry!, CultureInfo.InvariantCulture), Is.InRange(2_000, 6_000));
        }

        foreach (var messages in await closes)
        {
            Assert.That(messages.Select(static message => message.EventType()), Is.EqualTo([SampleTypes.Delta, "stream.end"]));
            Assert.That(messages[1].Data().GetRawText(), Is.EqualTo($$"""{"reason":"hostStopping","cursor":"{{last}}"}"""));
        }

        Assert.That(sockets.Select(static socket => socket.Code), Is.All.EqualTo(1001));
        Assert.That((host.Limits.Count, host.Bus.SubscriptionCount), Is.EqualTo((0, 0)));
        streams.ForEach(static stream => stream.Dispose());
        sockets.ForEach(static socket => socket.Dispose());
    }
}
