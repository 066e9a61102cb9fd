using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Streams;

internal sealed class SilenceTests
{
    private static readonly TimeSpan s_readTimeout = new SseReaderOptions().ReadTimeout;

    [Test]
    public async Task A_server_that_falls_silent_is_left_after_the_read_timeout_and_resumed_from()
    {
        await using var server = await StreamServer.StartAsync(Answers.Open(Frames.Event(1)), Answers.Stream(Frames.Event(2), Frames.End("completed", 2)));
        var clock = new ProbedTimeProvider();
        var stream = StreamClients.Create(clock: clock).ReadAsync(server.Uri);
        var waits = stream.SkipWaits(clock);
        await using var events = stream.GetAsyncEnumerator();
        await events.NextAsync();
        var silent = clock.NextTimerAsync(s_readTimeout);
        var next = events.NextAsync();
        await silent;

        clock.Advance(s_readTimeout - TimeSpan.FromMilliseconds(1));
        Assert.That(stream.State.Status, Is.EqualTo(ConnectionStatus.Connected));
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.That((await next).Sequence, Is.EqualTo(2));
        Assert.That(waits.Single().Cause, Is.TypeOf<TimeoutException>());
        Assert.That(server.Requests[1].LastEventId, Is.EqualTo("0k3a-1"));
        await server.Requests[0].Aborted.WithinSafetyAsync();
    }

    [Test]
    public async Task A_server_that_never_answers_is_left_after_the_read_timeout()
    {
        await using var server = await StreamServer.StartAsync(Answers.Silence, Answers.Status(204));
        var clock = new ProbedTimeProvider();
        var stream = StreamClients.Create(clock: clock).ReadAsync(server.Uri);
        var waits = stream.SkipWaits(clock);
        var silent = clock.NextTimerAsync(s_readTimeout);
        var reading = stream.ToListAsync();
        await silent;
        await server.NextRequestAsync();

        clock.Advance(s_readTimeout);

        Assert.That(await reading, Is.Empty);
        Assert.That(waits.Single().Cause, Is.TypeOf<TimeoutException>().And.Message.Contains("did not answer"));
    }

    [Test]
    public async Task Silence_is_no_stability()
    {
        // Each connection is a minute old when it is left, all of it silent.
        await using var server = await StreamServer.StartAsync(Answers.Open(Frames.Event(1)), Answers.Open(Frames.Event(2)), Answers.Status(204));
        var clock = new ProbedTimeProvider();
        var stream = StreamClients.Create(clock: clock).ReadAsync(server.Uri);
        var waits = stream.SkipWaits(clock);
        await using var events = stream.GetAsyncEnumerator();
        Assert.That((await events.NextAsync()).Sequence, Is.EqualTo(1));
        for (var connection = 1; connection <= 2; connection++)
        {
            var silent = clock.NextTimerAsync(s_readTimeout);
            var next = events.MoveNextAsync();
            await silent;
            clock.Advance(s_readTimeout);
            Assert.That(await next, Is.EqualTo(connection == 1));
        }

        Assert.That(waits.Select(static state => state.Attempt), Is.EqualTo([1, 2]));
    }
}
