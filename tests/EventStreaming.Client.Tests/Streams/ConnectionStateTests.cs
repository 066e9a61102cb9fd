using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Streams;

internal sealed class ConnectionStateTests
{
    [Test]
    public async Task Each_change_of_the_connection_is_told_in_order()
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Stream(Frames.Event(1), Frames.End("hostStopping", 1)), Answers.Status(503), Answers.Stream(Frames.Event(2), Frames.End("completed", 2)));
        var stream = StreamClients.Create().ReadAsync(server.Uri);
        var states = stream.RecordStates();
        Assert.That(stream.State, Is.EqualTo(new ConnectionState(ConnectionStatus.Idle)));

        await stream.ToListAsync();

        Assert.That(states.Select(static state => state.Status), Is.EqualTo(
            [
                ConnectionStatus.Connecting, ConnectionStatus.Connected, ConnectionStatus.Reconnecting, ConnectionStatus.Connecting,
                ConnectionStatus.Reconnecting, ConnectionStatus.Connecting, ConnectionStatus.Connected, ConnectionStatus.Ended,
            ]));
        Assert.That(states[2].Cause, Is.TypeOf<EventStreamEndedException>().With.Property(nameof(EventStreamEndedException.Reason)).EqualTo(EndReason.HostStopping));
        Assert.That((states[2].Attempt, states[4].Attempt), Is.EqualTo((1, 2)));
        Assert.That(states[4].Cause, Is.TypeOf<EventStreamException>());
        Assert.That(states[^1], Is.EqualTo(stream.State));
    }

    [Test]
    public async Task What_a_handler_throws_is_logged_and_breaks_neither_the_stream_nor_the_other_handlers()
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Event(1), Frames.End("completed", 1)));
        using var log = new LogRecorder();
        var stream = StreamClients.Create(log: log).ReadAsync(server.Uri);
        stream.StateChanged += static (_, _) => throw new InvalidOperationException("A bug in the handler.");
        var states = stream.RecordStates();

        Assert.That(await stream.ToListAsync(), Has.Count.EqualTo(2));

        Assert.That(states.Select(static state => state.Status), Is.EqualTo([ConnectionStatus.Connecting, ConnectionStatus.Connected, ConnectionStatus.Ended]));
        Assert.That(log.Of(3005), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_logger_that_throws_does_not_break_the_stream()
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Event(1)), Answers.Stream(Frames.Event(2), Frames.End("completed", 2)));
        using var log = new LogRecorder { Throws = true };

        Assert.That(await StreamClients.Create(log: log).ReadAsync(server.Uri).ToListAsync(), Has.Count.EqualTo(3));
        Assert.That(log.Entries, Is.Not.Empty);
    }
}
