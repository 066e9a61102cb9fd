using System.Net.Sockets;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Faults.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Requests;

/// <summary>What a client sends, cut off or changed at any byte: whatever it then is, it is answered or refused, fails nothing and leaves nothing behind.</summary>
internal sealed class DamagedRequestTests
{
    private const string Topic = "session-1";

    private static readonly string[] s_streamHead = [$"GET {StreamHost.PathOf(Topic, "?types=text.delta&last_event_id=0k3a-1")} HTTP/1.1", "Last-Event-ID: 0k3a-1"];

    [Test]
    public Task A_request_for_a_stream_cut_off_at_any_byte_leaves_nothing_behind([Values] bool byReset) =>
        SendAsync(RequestStreamAsync, static length => Enumerable.Range(0, length), (connection, place) => connection.ToServer.CutAt(place, byReset));

    [Test]
    public Task A_request_for_a_stream_changed_at_any_bit_fails_nothing() =>
        SendAsync(RequestStreamAsync, static length => Enumerable.Range(0, length * 8), Flip);

    [Test]
    public Task A_socket_cut_off_at_any_byte_that_its_client_sends_leaves_nothing_behind([Values] bool byReset) =>
        SendAsync(RequestSocketAsync, static length => Enumerable.Range(0, length), (connection, place) => connection.ToServer.CutAt(place, byReset));

    [Test]
    public Task A_socket_whose_client_sends_anything_changed_at_any_bit_fails_nothing() =>
        SendAsync(RequestSocketAsync, static length => Enumerable.Range(0, length * 8), Flip);

    private static void Flip(FaultConnection connection, int bit) => connection.ToServer.Flip(bit / 8, (byte)(1 << (bit % 8)));

    private static async Task RequestStreamAsync(FaultProxy proxy)
    {
        using var client = await RawClient.SendAsync(proxy.Address, s_streamHead);
        client.EndSending();
        await client.ReadToCutAsync();
    }

    private static async Task RequestSocketAsync(FaultProxy proxy)
    {
        using var client = await RawClient.SendAsync(proxy.Address, StalledClients.Handshake);
        await client.SendFrameAsync($$"""{"action":"subscribe","topic":"{{Topic}}","types":["text.delta"]}""");
        await client.SendFrameAsync("""{"action":"ping"}""");
        client.EndSending();
        await client.ReadToCutAsync();
    }

    /// <param name="request">Sends one request, all at once, and reads to the end of the connection.</param>
    /// <param name="places">Where to damage it, given its length.</param>
    /// <param name="damage">Damages it.</param>
    private static async Task SendAsync(Func<FaultProxy, Task> request, Func<int, IEnumerable<int>> places, Action<FaultConnection, int> damage)
    {
        int? place = null;
        await using var host = await StreamHost.StartAsync(
            static app =>
            {
                app.MapEventStream(StreamHost.Pattern);
                app.MapEventSocket(SocketClient.Path);
            },
            configure: static builder => builder.Logging.AddFilter("Microsoft", LogLevel.Error));
        host.Bus.Publish(Topic, SampleTypes.Delta, 1);
        await using var proxy = FaultProxy.Start(host.Address, connection =>
        {
            if (place is { } at)
            {
                damage(connection, at);
            }
        });
        await request(proxy);
        var length = (int)(await proxy.NextAsync()).ToServer.Forwarded;
        foreach (var at in places(length))
        {
            place = at;
            try
            {
                await request(proxy);
            }
            catch (SocketException)
            {
                // Cut off while it sends.
            }
        }

        await Places.UntilAsync(host.Limits, 0);
        Assert.That(host.Bus.SubscriptionCount, Is.Zero);
        Assert.That(host.Log.Entries.Where(static entry => entry.Level >= LogLevel.Error), Is.Empty);
        Assert.That(host.Log.Entries, Is.Not.Empty, "Some of them were served.");
    }
}
