using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sockets;

internal sealed class SlowReaderTests
{
    [Test]
    public async Task A_reader_that_stops_holds_up_no_other_and_gets_all_there_was_when_it_reads_on()
    {
        const int Events = 3_000;
        var log = new LogRecorder();
        await using var host = await SocketHost.StartAsync(configure: static builder =>
            builder.Services.Configure<EventStreamingOptions>(static options => options.History.Capacity = 2 * Events));
        await using var connection = SocketClients.Connect(host.Uri, static options => options.TopicBufferBytes = 8 * 1024, log: log);
        foreach (var topic in new[] { "slow", "quick" })
        {
            host.Bus.Publish(topic, SampleTypes.Delta, 0);
        }

        await using var slow = connection.ReadAsync("slow").GetAsyncEnumerator();
        await slow.NextPublishedAsync();
        await using var quick = connection.ReadAsync("quick").GetAsyncEnumerator();
        await quick.NextPublishedAsync();
        for (var number = 1; number <= Events; number++)
        {
            host.Bus.Publish("slow", SampleTypes.Delta, number);
            host.Bus.Publish("quick", SampleTypes.Delta, number);
        }

        // Its own buffer is as small: it may be unsubscribed, too, but comes back by itself.
        for (var number = 1; number <= Events; number++)
        {
            Assert.That((await quick.NextAsync()).Data!.ToString(), Is.EqualTo($"{number}"));
        }

        await log.UntilAsync(3012);
        Assert.That(log.Of(3012).Select(static entry => entry.Message), Has.Some.Contains("#slow"));
        for (var number = 1; number <= Events; number++)
        {
            Assert.That((await slow.NextAsync()).Data!.ToString(), Is.EqualTo($"{number}"));
        }

        Assert.That((host.Handshakes, connection.Reconnects), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task What_waits_for_a_reader_is_bounded_and_the_rest_is_asked_for_when_it_has_been_read()
    {
        var unsubscribed = Signals.Create();
        await using var server = await StreamServer.StartAsync(SocketPeer.Answer(async peer =>
        {
            await peer.SubscribedAsync(SocketWire.Open("a", "fresh"));
            var payload = '"' + new string('x', 400) + '"';
            for (var sequence = 1; sequence <= 20; sequence++)
            {
                await peer.SendAsync(SocketWire.Event("a", sequence, data: payload));
            }

            var command = await peer.NextAsync();
            Assert.That(command!.Value.GetRawText(), Is.EqualTo("""{"action":"unsubscribe","topic":"a"}"""));

            // What was on its way is for nobody, and the same comes again.
            await peer.SendAsync(SocketWire.Event("a", 21), SocketWire.End("a", "disposed", 21), SocketWire.Unsubscribed("a"));
            unsubscribed.SetResult();
            command = await peer.SubscribedAsync();
            await peer.SendAsync(SocketWire.Event("a", 99, data: command.Value.GetProperty("cursor").GetRawText()));
        }));
        await using var connection = SocketClients.Connect(server.Uri, static options => options.TopicBufferBytes = 4 * 1024);
        var stream = connection.ReadAsync("a");
        var states = stream.RecordStates();
        await using var events = stream.GetAsyncEnumerator();
        await events.NextAsync();
        await unsubscribed.Task.WithinSafetyAsync();
        var sequences = new List<long>();
        while (await events.NextAsync() is { Sequence: < 99 } item)
        {
            sequences.Add(item.Sequence);
        }

        // 4 KiB hold four of them, each of about 570 bytes and 256 more.
        Assert.That(sequences, Is.EqualTo(Enumerable.Range(1, sequences.Count)).And.Count.InRange(3, 5));
        Assert.That(stream.Cursor, Is.EqualTo(new EventCursor(SocketWire.Epoch, 99)));
        Assert.That(states.Select(static state => state.Status), Has.None.EqualTo(ConnectionStatus.Reconnecting), "It is no break.");
        Assert.That((stream.Reconnects, server.Requests.Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task However_small_the_buffer_is_against_the_events_each_subscription_gets_on()
    {
        const int Events = 20;
        await using var host = await SocketHost.StartAsync();
        for (var number = 1; number <= Events; number++)
        {
            host.Bus.Publish("a", SampleTypes.Asked, new string('x', 10_000));
        }

        await using var connection = SocketClients.Connect(host.Uri, static options => options.TopicBufferBytes = 1_024);
        var stream = connection.ReadAsync("a");
        await using var events = stream.GetAsyncEnumerator();
        for (var number = 1; number <= Events; number++)
        {
            Assert.That((await events.NextPublishedAsync()).Sequence, Is.EqualTo(number));
        }

        Assert.That(stream.Reconnects, Is.LessThanOrEqualTo(Events));
    }
}
