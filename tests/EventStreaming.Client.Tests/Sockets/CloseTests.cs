using System.Net.WebSockets;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sockets;

internal sealed class CloseTests
{
    [TestCase(1000)]
    [TestCase(1001)]
    [TestCase(1011)]
    [TestCase(1012)]
    [TestCase(1013)]
    [TestCase(3000)]
    [TestCase(4000)]
    [TestCase(4401)]
    [TestCase(4499)]
    public async Task A_close_that_says_come_back_is_come_back_from_with_the_cursor(int code)
    {
        await using var server = await StreamServer.StartAsync(
            SocketPeer.Answer(async peer =>
            {
                await peer.SubscribedAsync(SocketWire.Event("a", 1));
                await peer.CloseAsync(code, "Reconnect with your cursors.");
            }),
            SocketPeer.Answer(static async peer =>
            {
                var command = await peer.SubscribedAsync();
                await peer.SendAsync(SocketWire.Event("a", 2, data: command.GetProperty("cursor").GetRawText()), SocketWire.End("a", "completed", 2));
            }));
        await using var connection = SocketClients.Connect(server.Uri);
        var states = connection.RecordStates();
        var events = await connection.ReadAsync("a").ToListAsync();

        Assert.That(events.Select(static item => item.Sequence), Is.EqualTo([1, 2, 2]));
        Assert.That(events[1].Data!.ToString(), Is.EqualTo("\"0k3a-1\""));
        Assert.That(states.Single(static state => state.Status == ConnectionStatus.Reconnecting).Cause, Is.TypeOf<EventStreamEndedException>().With.Message.Contains($"{code}: Reconnect"));
    }

    [TestCase(1002)]
    [TestCase(1003)]
    [TestCase(1007)]
    [TestCase(1008)]
    [TestCase(1009)]
    [TestCase(1010)]
    [TestCase(4500)]
    [TestCase(4999)]
    public async Task A_close_that_says_stay_away_reaches_every_reader(int code)
    {
        await using var server = await StreamServer.StartAsync(SocketPeer.Answer(async peer =>
        {
            await peer.SubscribedAsync(SocketWire.Event("a", 1));
            await peer.SubscribedAsync(SocketWire.Event("b", 1));
            await peer.CloseAsync(code, "Not here.");
        }));
        await using var connection = SocketClients.Connect(server.Uri);
        await using var a = connection.ReadAsync("a").GetAsyncEnumerator();
        Assert.That((await a.NextAsync()).Sequence, Is.EqualTo(1));
        await using var b = connection.ReadAsync("b").GetAsyncEnumerator();
        Assert.That((await b.NextAsync()).Sequence, Is.EqualTo(1), "What came before is read before.");

        foreach (var events in new[] { a, b })
        {
            var exception = Assert.ThrowsAsync<EventStreamException>(async () => await events.NextAsync());
            Assert.That((exception!.CloseStatus, exception.Detail), Is.EqualTo(((WebSocketCloseStatus?)code, "Not here.")));
        }

        Assert.That(connection.ReadAsync("c").ToListAsync, Throws.TypeOf<EventStreamException>(), "It is over for good.");
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Disposing_the_connection_closes_the_socket_and_ends_every_reader()
    {
        var closed = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StreamServer.StartAsync(SocketPeer.Answer(async peer =>
        {
            await peer.SubscribedAsync(SocketWire.Event("a", 1));
            closed.SetResult(await peer.ReadToCloseAsync());
        }));
        var connection = SocketClients.Connect(server.Uri);
        var stream = connection.ReadAsync("a");
        await using var events = stream.GetAsyncEnumerator();
        await events.NextAsync();
        var next = events.NextAsync();
        await connection.DisposeAsync().AsTask().WithinSafetyAsync();

        Assert.That(async () => await next, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(stream.State, Is.EqualTo(new ConnectionState(ConnectionStatus.Ended, Reason: EndReason.Disposed)));
        Assert.That(connection.State, Is.EqualTo(new ConnectionState(ConnectionStatus.Ended, Reason: EndReason.Disposed)));
        Assert.That(await closed.Task.WithinSafetyAsync(), Is.EqualTo(1000));
        Assert.That(connection.ReadAsync("b").ToListAsync, Throws.TypeOf<ObjectDisposedException>());
        await connection.DisposeAsync();
    }

    [Test]
    public async Task Disposing_waits_for_no_server_that_does_not_answer_the_close()
    {
        await using var server = await StreamServer.StartAsync(SocketPeer.Answer(static async peer =>
        {
            await peer.SubscribedAsync(SocketWire.Event("a", 1));
            await peer.StayAsync();
        }));
        var connection = SocketClients.Connect(server.Uri);
        await using var events = connection.ReadAsync("a").GetAsyncEnumerator();
        await events.NextAsync();

        await connection.DisposeAsync().AsTask().WithinSafetyAsync();
    }

    [Test]
    public async Task Disposing_ends_a_handshake_and_a_wait_between_two([Values] bool isWaiting)
    {
        await using var server = await StreamServer.StartAsync(isWaiting ? Answers.Status(503) : Answers.Silence);
        var connection = SocketClients.Connect(server.Uri, clock: new ProbedTimeProvider());
        var waiting = connection.NextStateAsync(isWaiting ? ConnectionStatus.Reconnecting : ConnectionStatus.Connecting);
        var reading = connection.ReadAsync("a").ToListAsync();
        await waiting;
        await server.NextRequestAsync();
        await connection.DisposeAsync().AsTask().WithinSafetyAsync();

        Assert.That(async () => await reading, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task A_connection_that_nobody_has_used_ends_too()
    {
        var connection = SocketClients.Connect(new Uri("ws://localhost/ws"));
        await connection.DisposeAsync();
        Assert.That(connection.State.Reason, Is.EqualTo(EndReason.Disposed));
        Assert.That(connection.ReadAsync("a").ToListAsync, Throws.TypeOf<ObjectDisposedException>());
    }
}
