using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Interop.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sockets;

internal sealed class ResumeTests
{
    [Test]
    public async Task After_a_cut_every_topic_goes_on_behind_its_last_event()
    {
        await using var host = await SocketHost.StartAsync();
        await using var connection = SocketClients.Connect(host.Uri);
        string[] topics = ["a", "b", "c"];
        var streams = new List<(RemoteEventStream Stream, IAsyncEnumerator<StreamEvent> Events)>();
        foreach (var topic in topics)
        {
            host.Bus.Publish(topic, SampleTypes.Delta, 1);
            var stream = connection.ReadAsync(topic);
            var events = stream.GetAsyncEnumerator();
            streams.Add((stream, events));
            await events.NextPublishedAsync();
        }

        var lost = connection.NextStateAsync(ConnectionStatus.Reconnecting);
        Assert.That(host.Cut(), Is.EqualTo(1));
        foreach (var topic in topics)
        {
            host.Bus.Publish(topic, SampleTypes.Delta, 2);
        }

        foreach (var (stream, events) in streams)
        {
            var item = await events.NextAsync();
            Assert.That((item.Type, item.Sequence, item.Data!.ToString()), Is.EqualTo((SampleTypes.Delta, 2, "2")), "That it resumed is not told.");
            Assert.That((stream.Reconnects, stream.Duplicates, stream.State.Status), Is.EqualTo((1, 0, ConnectionStatus.Connected)));
            await events.DisposeAsync();
        }

        Assert.That((await lost).Cause, Is.Not.Null);
        Assert.That((connection.Reconnects, host.Handshakes), Is.EqualTo((1, 2)));
    }

    [Test]
    public async Task What_is_published_while_a_topic_read_from_the_end_is_cut_off_is_not_lost()
    {
        await using var host = await SocketHost.StartAsync();
        await using var connection = SocketClients.Connect(host.Uri);
        host.Bus.Publish("a", SampleTypes.Delta, 1);
        await using var fromEnd = connection.ReadAsync("a", cursor: EventCursor.End).GetAsyncEnumerator();
        Assert.That((await fromEnd.NextAsync()).Data, Is.TypeOf<StreamOpening>());
        var lost = connection.NextStateAsync(ConnectionStatus.Reconnecting);
        Assert.That(host.Cut(), Is.EqualTo(1));
        host.Bus.Publish("a", SampleTypes.Iteration, 2);
        await lost;
        Assert.That((await fromEnd.NextPublishedAsync()).Data!.ToString(), Is.EqualTo("2"));
    }

    [Test]
    public async Task From_the_start_and_with_workers_one_gets_all_that_is_held_after_a_cut_too()
    {
        await using var host = await SocketHost.StartAsync();
        await using var connection = SocketClients.Connect(host.Uri);
        host.Bus.Publish("a", SampleTypes.Iteration, 1);
        host.Bus.Publish("a", new EventDraft(SampleTypes.Delta, 2) { Source = "worker:1" });
        await using var events = connection.ReadAsync("a", cursor: EventCursor.Start, includeWorkers: true).GetAsyncEnumerator();
        Assert.That((await events.NextPublishedAsync()).Data!.ToString(), Is.EqualTo("1"));
        Assert.That((await events.NextPublishedAsync()).Data!.ToString(), Is.EqualTo("2"));
        Assert.That(host.Cut(), Is.EqualTo(1));
        host.Bus.Publish("a", new EventDraft(SampleTypes.Delta, 3) { Source = "worker:1" });
        Assert.That((await events.NextPublishedAsync()).Data!.ToString(), Is.EqualTo("3"));
    }

    [Test]
    public async Task However_often_it_is_cut_every_event_of_every_topic_comes_once_in_order()
    {
        const int Topics = 5;
        const int Events = 2_000;
        await using var host = await SocketHost.StartAsync(configure: static builder =>
            builder.Services.Configure<EventStreamingOptions>(static options => options.History.Capacity = 2 * Events));
        await using var connection = SocketClients.Connect(host.Uri, static options => options.TopicBufferBytes = 16 * 1024);
        for (var topic = 0; topic < Topics; topic++)
        {
            host.Bus.Publish($"t{topic}", SampleTypes.Iteration);
        }

        var connected = connection.NextStateAsync(ConnectionStatus.Connected);
        var reading = Enumerable.Range(0, Topics).Select(topic => connection.ReadAsync($"t{topic}").ToListAsync()).ToList();
        await connected;
        for (var number = 1; number <= Events; number++)
        {
            for (var topic = 0; topic < Topics; topic++)
            {
                host.Bus.Publish($"t{topic}", SampleTypes.Delta, number);
            }

            if (number % 100 == 0)
            {
                var again = connection.NextStateAsync(ConnectionStatus.Connected);
                host.Cut();
                await again;
            }
        }

        for (var topic = 0; topic < Topics; topic++)
        {
            host.Bus.Publish($"t{topic}", SampleTypes.Completed);
        }

        foreach (var events in reading)
        {
            var numbers = (await events).Where(static item => item.Type is SampleTypes.Delta).Select(static item => item.Data!.ToString());
            Assert.That(numbers, Is.EqualTo(Enumerable.Range(1, Events).Select(static number => $"{number}")));
            Assert.That((await events).Select(static item => item.Type), Has.None.EqualTo("stream.gap"));
        }

        Assert.That(connection.Reconnects, Is.EqualTo(Events / 100));
    }

    [Test]
    public async Task A_server_that_was_stopped_and_started_anew_is_found_again_and_what_began_anew_is_told()
    {
        var port = FreePort.Find();
        var host = await SocketHost.StartAsync(port: port);
        await using var connection = SocketClients.Connect(host.Uri);
        host.Bus.Publish("a", SampleTypes.Delta, "before");
        await using var events = connection.ReadAsync("a").GetAsyncEnumerator();
        await events.NextPublishedAsync();
        var lost = connection.NextStateAsync(ConnectionStatus.Reconnecting);
        var next = events.NextAsync();
        await host.StopAsync();
        Assert.That((await lost).Cause, Is.TypeOf<EventStreamEndedException>().With.Property("Reason").EqualTo(EndReason.HostStopping).And.Message.Contains("1001"));
        await host.DisposeAsync();

        await using var second = await SocketHost.StartAsync(port: port);
        var told = next;
        second.Bus.Publish("a", SampleTypes.Delta, "after");

        Assert.That(((StreamOpening)(await told).Data!).Outcome, Is.EqualTo(ResumeOutcome.EpochChanged));
        Assert.That((await events.NextAsync()).Data!.ToString(), Is.EqualTo("\"after\""));
    }

    [Test]
    public async Task What_history_no_longer_holds_is_a_gap_in_its_place()
    {
        await using var host = await SocketHost.StartAsync(configure: static builder =>
            builder.Services.Configure<EventStreamingOptions>(static options => (options.History.Capacity, options.History.CriticalCapacity) = (4, 0)));
        await using var connection = SocketClients.Connect(host.Uri);
        host.Bus.Publish("a", SampleTypes.Delta, 1);
        await using (var events = connection.ReadAsync("a").GetAsyncEnumerator())
        {
            await events.NextPublishedAsync();
        }

        var last = connection.ReadAsync("a", cursor: host.Bus.Publish("a", SampleTypes.Delta, 2).Cursor);
        for (var number = 3; number <= 12; number++)
        {
            host.Bus.Publish("a", SampleTypes.Delta, number);
        }

        await using var resumed = last.GetAsyncEnumerator();
        var read = await resumed.NextAsync(6);
        Assert.That(read.Select(static item => item.Type), Is.EqualTo(["stream.open", "stream.gap", .. Enumerable.Repeat(SampleTypes.Delta, 4)]));
        Assert.That(read[1].Data, Is.EqualTo(new Gap(3, 8, 6, GapReason.Evicted)));
    }

    [Test]
    public async Task The_cursor_moves_on_over_what_the_servers_filter_holds_back_and_never_ahead_of_what_was_read()
    {
        await using var server = await StreamServer.StartAsync(
            SocketPeer.Answer(static async peer =>
            {
                await peer.SubscribedAsync(SocketWire.Event("a", 1), SocketWire.Checkpoint("a", 500));
                await peer.CloseAsync(1001);
            }),
            SocketPeer.Answer(static async peer =>
            {
                var command = await peer.SubscribedAsync(SocketWire.Event("a", 501, data: "\"resumed\""));
                await peer.SendAsync(SocketWire.Event("a", 502, data: command.GetProperty("cursor").GetRawText()), SocketWire.End("a", "completed", 502));
            }));
        var stream = SocketClients.Create().ReadAsync(server.Uri, "a");
        await using var events = stream.GetAsyncEnumerator();
        await events.NextAsync();
        Assert.That(stream.Cursor, Is.EqualTo(new EventCursor(SocketWire.Epoch, 1)));

        Assert.That((await events.NextAsync()).Sequence, Is.EqualTo(501));
        Assert.That((await events.NextAsync()).Data!.ToString(), Is.EqualTo("\"0k3a-500\""));
    }

    [Test]
    public async Task What_a_server_sends_again_is_left_out_and_what_it_says_of_the_place_is_told()
    {
        await using var server = await StreamServer.StartAsync(
            SocketPeer.Answer(static async peer =>
            {
                await peer.SubscribedAsync(SocketWire.Open("a", "fresh"), SocketWire.Event("a", 1), SocketWire.Event("a", 2));
                await peer.CloseAsync(4000, "Come back.");
            }),
            SocketPeer.Answer(static async peer =>
            {
                await peer.SubscribedAsync(
                    SocketWire.Open("a", "fresh"), SocketWire.Event("a", 1), SocketWire.Event("a", 2), SocketWire.Gap("a", 3, 5), SocketWire.Event("a", 6), SocketWire.End("a", "completed", 6));
            }));
        var stream = SocketClients.Create().ReadAsync(server.Uri, "a");
        var events = await stream.ToListAsync();

        Assert.That(events.Select(static item => (item.Type, item.Sequence)), Is.EqualTo(
            [("stream.open", 0), ("step", 1), ("step", 2), ("stream.open", 0), ("stream.gap", 5), ("step", 6), ("stream.end", 6)]));
        Assert.That(stream.Duplicates, Is.EqualTo(2));
    }

    [Test]
    public async Task A_topic_whose_stream_ended_alone_is_subscribed_again_on_the_same_socket_and_the_others_do_not_notice()
    {
        await using var server = await StreamServer.StartAsync(SocketPeer.Answer(static async peer =>
        {
            await peer.SubscribedAsync(SocketWire.Event("a", 1));
            await peer.SubscribedAsync(SocketWire.Event("b", 1), SocketWire.End("b", "slowConsumer", 1));
            var command = await peer.SubscribedAsync();
            await peer.SendAsync(SocketWire.Event("b", 2, data: command.GetRawText()), SocketWire.Event("a", 2));
        }));
        await using var connection = SocketClients.Connect(server.Uri);
        var (a, b) = (connection.ReadAsync("a"), connection.ReadAsync("b"));
        var (statesOfA, statesOfB) = (a.RecordStates(), b.RecordStates());
        await using var eventsOfA = a.GetAsyncEnumerator();
        await eventsOfA.NextAsync();
        await using var eventsOfB = b.GetAsyncEnumerator();
        await eventsOfB.NextAsync();
        var again = await eventsOfB.NextAsync();

        Assert.That(again.Data!.ToString(), Does.Contain("\"cursor\":\"0k3a-1\""));
        Assert.That((await eventsOfA.NextAsync()).Sequence, Is.EqualTo(2));
        Assert.That(statesOfA.Select(static state => state.Status), Is.EqualTo([ConnectionStatus.Connecting, ConnectionStatus.Connected]));
        Assert.That(statesOfB.Select(static state => state.Status), Is.EqualTo(
            [ConnectionStatus.Connecting, ConnectionStatus.Connected, ConnectionStatus.Reconnecting, ConnectionStatus.Connecting, ConnectionStatus.Connected]));
        Assert.That(((EventStreamEndedException)statesOfB[2].Cause!).Reason, Is.EqualTo(EndReason.SlowConsumer));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }
}
