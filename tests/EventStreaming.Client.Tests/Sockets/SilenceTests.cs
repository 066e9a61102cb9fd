using System.Text.Json;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sockets;

internal sealed class SilenceTests
{
    private static readonly TimeSpan s_readTimeout = new EventSocketClientOptions().ReadTimeout;

    [Test]
    public async Task A_silent_server_is_asked_in_the_middle_of_the_read_timeout_and_left_at_its_end()
    {
        var asked = new TaskCompletionSource<JsonElement?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StreamServer.StartAsync(
            SocketPeer.Answer(async peer =>
            {
                await peer.SubscribedAsync(SocketWire.Event("a", 1));
                asked.SetResult(await peer.NextAsync());
                await peer.StayAsync();
            }),
            SocketPeer.Answer(static async peer =>
            {
                await peer.SubscribedAsync(SocketWire.Event("a", 2));
            }));
        var clock = new ProbedTimeProvider();
        await using var connection = SocketClients.Connect(server.Uri, clock: clock);
        var stream = connection.ReadAsync("a");
        var waits = connection.SkipWaits(clock);
        await using var events = stream.GetAsyncEnumerator();
        await events.NextAsync();
        clock.Advance(s_readTimeout / 2);
        Assert.That((await asked.Task.WithinSafetyAsync())!.Value.GetRawText(), Is.EqualTo("""{"action":"ping"}"""));
        clock.Advance((s_readTimeout / 2) - TimeSpan.FromMilliseconds(1));
        Assert.That(connection.State.Status, Is.EqualTo(ConnectionStatus.Connected));
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That((await events.NextAsync()).Sequence, Is.EqualTo(2));
        Assert.That(waits.Single().Cause, Is.TypeOf<TimeoutException>().With.Message.Contains("ReadTimeout"));
    }

    [Test]
    public async Task A_server_that_answers_when_it_is_asked_is_kept()
    {
        await using var server = await StreamServer.StartAsync(SocketPeer.Answer(static async peer =>
        {
            var sequence = 1;
            await peer.SubscribedAsync(SocketWire.Event("a", sequence));
            while (await peer.NextAsync() is not null)
            {
                await peer.SendAsync("""{"reply":"pong"}""", SocketWire.Event("a", ++sequence));
            }
        }));
        var clock = new ManualTimeProvider();
        await using var connection = SocketClients.Connect(server.Uri, clock: clock);
        await using var events = connection.ReadAsync("a").GetAsyncEnumerator();
        await events.NextAsync();
        for (var sequence = 2; sequence <= 6; sequence++)
        {
            // The answer has come at the very moment of the question.
            clock.Advance(s_readTimeout / 2);
            Assert.That((await events.NextAsync()).Sequence, Is.EqualTo(sequence));
        }

        Assert.That(connection.Reconnects, Is.Zero);
    }

    [Test]
    public async Task A_server_that_does_not_answer_the_handshake_is_left_after_the_read_timeout()
    {
        await using var server = await StreamServer.StartAsync(Answers.Silence, SocketPeer.Answer(static async peer => await peer.SubscribedAsync(SocketWire.End("a", "completed", 1))));
        var clock = new ProbedTimeProvider();
        await using var connection = SocketClients.Connect(server.Uri, clock: clock);
        var stream = connection.ReadAsync("a");
        var waits = connection.SkipWaits(clock);
        var reading = stream.ToListAsync();
        await server.NextRequestAsync();
        clock.Advance(s_readTimeout);
        await reading;

        Assert.That(waits.Single().Cause, Is.TypeOf<TimeoutException>().With.Message.Contains("did not answer"));
    }

    [Test]
    public async Task A_server_that_sends_other_things_but_not_the_answer_is_left_after_the_read_timeout()
    {
        await using var server = await StreamServer.StartAsync(
            SocketPeer.Answer(static async peer =>
            {
                await peer.SubscribedAsync(SocketWire.Event("a", 1));
                await peer.NextAsync();
                while (await peer.NextAsync() is not null)
                {
                    await peer.SendAsync("""{"reply":"pong"}""");
                }
            }),
            SocketPeer.Answer(static async peer =>
            {
                await peer.SubscribedAsync();
                await peer.SubscribedAsync();
                await peer.SendAsync(SocketWire.End("b", "completed", 1));
            }));
        var clock = new ManualTimeProvider();
        await using var connection = SocketClients.Connect(server.Uri, clock: clock);
        await using var a = connection.ReadAsync("a").GetAsyncEnumerator();
        await a.NextAsync();
        var next = a.MoveNextAsync().AsTask();
        var reading = connection.ReadAsync("b").ToListAsync();
        await clock.AdvanceUntilAsync(TimeSpan.FromMilliseconds(1), reading);

        Assert.That((await reading).Single().Type, Is.EqualTo("stream.end"));
        Assert.That((connection.Reconnects, next.IsCompleted), Is.EqualTo((1, false)));
        await connection.DisposeAsync();
        Assert.That(async () => await next, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task A_peer_that_answers_no_ping_frame_is_given_up()
    {
        await using var server = await StreamServer.StartAsync(
            SocketPeer.Answer(static async peer =>
            {
                await peer.SubscribedAsync(SocketWire.Event("a", 1));
                await peer.StayAsync();
            }),
            SocketPeer.Answer(static async peer =>
            {
                await peer.SubscribedAsync(SocketWire.Event("a", 2), SocketWire.End("a", "completed", 2));
            }));
        await using var connection = SocketClients.Connect(server.Uri, static options =>
        {
            options.ReadTimeout = Timeout.InfiniteTimeSpan;
            options.KeepAliveInterval = options.KeepAliveTimeout = TimeSpan.FromMilliseconds(100);
        });
        var events = await connection.ReadAsync("a").ToListAsync();

        Assert.That(events.Select(static item => item.Sequence), Is.EqualTo([1, 2, 2]));
    }
}
