using System.Net;
using System.Net.WebSockets;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sockets;

internal sealed class HostStopTests
{
    [Test]
    public async Task A_host_stops_with_open_sockets_and_their_clients_know_why([Values(HttpProtocols.Http1, HttpProtocols.Http2)] HttpProtocols protocols)
    {
        const int Sockets = 20;
        await using var host = await SocketHost.StartAsync(protocols: protocols);
        host.Bus.Publish("a", SampleTypes.Delta, 1);
        using var invoker = new HttpMessageInvoker(EventSocketClient.CreateHandler());
        var client = SocketClients.Create(
            options => options.ConfigureSocket = (socket, _) =>
            {
                (socket.HttpVersion, socket.HttpVersionPolicy) = (protocols == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
                return ValueTask.CompletedTask;
            },
            invoker: invoker);
        var sockets = new List<(EventSocketConnection Connection, IAsyncEnumerator<StreamEvent> Events, Task<ConnectionState> Lost)>();
        for (var i = 0; i < Sockets; i++)
        {
            var connection = client.Connect(host.Uri);
            var lost = connection.NextStateAsync(ConnectionStatus.Reconnecting);
            var events = connection.ReadAsync("a").GetAsyncEnumerator();
            await events.NextPublishedAsync();
            sockets.Add((connection, events, lost));
        }

        var last = sockets.ConvertAll(static socket => socket.Events.MoveNextAsync().AsTask());

        // The host would wait for minutes.
        await host.StopAsync().WithinSafetyAsync();
        foreach (var (connection, events, lost) in sockets)
        {
            Assert.That((await lost).Cause, Is.TypeOf<EventStreamEndedException>().With.Property("Reason").EqualTo(EndReason.HostStopping));
            await connection.DisposeAsync();
        }

        foreach (var next in last)
        {
            Assert.That(async () => await next.WithinSafetyAsync(), Throws.TypeOf<ObjectDisposedException>());
        }
    }

    [Test]
    public async Task Over_HTTP_2_a_host_waits_for_no_client_that_has_not_read_and_is_gone()
    {
        await using var host = await SocketHost.StartAsync(protocols: HttpProtocols.Http2);
        host.Bus.Publish("a", SampleTypes.Delta, 1);
        using var invoker = new HttpMessageInvoker(EventSocketClient.CreateHandler());
        var sockets = new List<ClientWebSocket>();
        for (var i = 0; i < 10; i++)
        {
            var socket = new ClientWebSocket();
            (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            await socket.ConnectAsync(new UriBuilder(host.Uri) { Scheme = "ws" }.Uri, invoker, CancellationToken.None).WithinSafetyAsync();
            await socket.SendAsync("""{"action":"subscribe","topic":"a"}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            await socket.ReceiveAsync(new byte[4_096], CancellationToken.None).WithinSafetyAsync();
            sockets.Add(socket);
        }

        // More than all buffers on the way hold.
        for (var i = 0; i < 100; i++)
        {
            host.Bus.Publish("a", SampleTypes.Asked, new string('x', 64 * 1024));
        }

        sockets.ForEach(static socket => socket.Dispose());
        await host.StopAsync().WithinSafetyAsync();
    }

    [Test]
    public async Task A_host_that_stops_is_warned_of_once_however_many_topics_there_are()
    {
        using var log = new LogRecorder();
        await using var host = await SocketHost.StartAsync();
        await using var connection = SocketClients.Connect(host.Uri, log: log);
        var topics = new List<IAsyncEnumerator<StreamEvent>>();
        for (var i = 0; i < 5; i++)
        {
            host.Bus.Publish($"t{i}", SampleTypes.Delta, 1);
            topics.Add(connection.ReadAsync($"t{i}").GetAsyncEnumerator());
            await topics[i].NextPublishedAsync();
        }

        var next = topics.ConvertAll(static topic => topic.MoveNextAsync().AsTask());
        await host.StopAsync().WithinSafetyAsync();
        await log.UntilAsync(3002, 5);
        await log.UntilAsync(3001);

        Assert.That(log.Of(3001).Select(static entry => entry.Message), Has.None.Contains("#"));
        Assert.That(log.Of(3001), Has.Count.EqualTo(1));
        await connection.DisposeAsync();
        foreach (var topic in next)
        {
            Assert.That(async () => await topic, Throws.TypeOf<ObjectDisposedException>());
        }
    }
}
