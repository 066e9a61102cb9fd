using System.Net;
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
}
