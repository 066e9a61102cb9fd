using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sockets;

internal sealed class CancellationTests
{
    [Test]
    public async Task Cancelled_at_any_place_it_loses_nothing()
    {
        const int Events = 200;
        await using var host = await SocketHost.StartAsync();
        await using var connection = SocketClients.Connect(host.Uri);
        for (var number = 1; number <= Events; number++)
        {
            host.Bus.Publish("a", SampleTypes.Delta, number);
        }

        var numbers = new List<string?>();
        EventCursor? cursor = null;
        while (numbers.Count < Events)
        {
            using var cancellation = new CancellationTokenSource();
            var stream = connection.ReadAsync("a", cursor: cursor, cancellationToken: cancellation.Token);
            await using var events = stream.GetAsyncEnumerator();
            for (var i = 0; i < 7 && numbers.Count < Events; i++)
            {
                var item = await events.NextPublishedAsync();
                numbers.Add(item.Data!.ToString());
                cursor = item.Cursor;
            }

            await cancellation.CancelAsync();
            Assert.That(async () => await events.NextAsync(), Throws.InstanceOf<OperationCanceledException>());
            Assert.That((stream.State.Reason, stream.Cursor), Is.EqualTo(((EndReason?)EndReason.Cancelled, cursor)));
        }

        Assert.That(numbers, Is.EqualTo(Enumerable.Range(1, Events).Select(static number => $"{number}")));
        Assert.That((host.Handshakes, connection.State.Status), Is.EqualTo((1, ConnectionStatus.Connected)));
    }

    [Test]
    public async Task Cancelled_before_the_answer_to_a_subscribe_the_topic_is_let_go_and_can_be_read_again()
    {
        var asked = Signals.Create();
        var cancelled = Signals.Create();
        await using var server = await StreamServer.StartAsync(SocketPeer.Answer(async peer =>
        {
            await peer.NextAsync();
            asked.SetResult();
            await cancelled.Task;
            await peer.SendAsync(SocketWire.Subscribed("a"), SocketWire.Event("a", 1));
            Assert.That((await peer.NextAsync())!.Value.GetProperty("action").GetString(), Is.EqualTo("unsubscribe"));
            await peer.SendAsync(SocketWire.End("a", "disposed", 1), SocketWire.Unsubscribed("a"));
            await peer.SubscribedAsync(SocketWire.Event("a", 1), SocketWire.End("a", "completed", 1));
        }));
        await using var connection = SocketClients.Connect(server.Uri);
        using var cancellation = new CancellationTokenSource();
        var reading = connection.ReadAsync("a", cancellationToken: cancellation.Token).ToListAsync();
        await asked.Task.WithinSafetyAsync();
        await cancellation.CancelAsync();
        Assert.That(async () => await reading, Throws.InstanceOf<OperationCanceledException>());
        var again = connection.ReadAsync("a").ToListAsync();
        cancelled.SetResult();

        Assert.That((await again).Select(static item => item.Type), Is.EqualTo(["step", "stream.end"]));
    }

    [Test]
    public async Task Cancelled_between_two_attempts_it_returns_at_once_and_the_others_go_on()
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Status(503), SocketPeer.Answer(static async peer =>
            {
                await peer.SubscribedAsync(SocketWire.End("b", "completed", 1));
            }));
        var clock = new ProbedTimeProvider();
        await using var connection = SocketClients.Connect(server.Uri, clock: clock);
        using var cancellation = new CancellationTokenSource();
        var waiting = connection.NextStateAsync(ConnectionStatus.Reconnecting);
        var a = connection.ReadAsync("a", cancellationToken: cancellation.Token).ToListAsync();
        var b = connection.ReadAsync("b").ToListAsync();
        var state = await waiting;
        await cancellation.CancelAsync();
        Assert.That(async () => await a, Throws.InstanceOf<OperationCanceledException>());
        await clock.AdvanceUntilAsync(state.Delay, b);

        Assert.That((await b).Single().Type, Is.EqualTo("stream.end"));
    }
}
