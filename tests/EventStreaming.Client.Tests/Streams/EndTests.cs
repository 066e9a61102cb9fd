using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Streams;

internal sealed class EndTests
{
    [TestCase("completed", EndReason.Completed)]
    [TestCase("topicClosed", EndReason.TopicClosed)]
    public async Task A_stream_that_the_server_calls_over_ends_with_that_and_is_not_asked_for_again(string wire, EndReason reason)
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Open("fresh"), Frames.Event(1), Frames.End(wire, 1)));
        var stream = StreamClients.Create().ReadAsync(server.Uri);

        var events = await stream.ToListAsync();

        Assert.That(events.Select(static item => item.Type), Is.EqualTo(["stream.open", "step", "stream.end"]));
        Assert.That(events[^1].Data, Is.EqualTo(new StreamEnding(reason, "0k3a-1")));
        Assert.That(events[^1].Cursor, Is.EqualTo(new EventCursor(Frames.Epoch, 1)));
        Assert.That(stream.State, Is.EqualTo(new ConnectionState(ConnectionStatus.Ended, Reason: reason)));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("hostStopping")]
    [TestCase("topicRestarted")]
    [TestCase("slowConsumer")]
    [TestCase("faulted")]
    [TestCase("aReasonOfTheFuture")]
    public async Task After_any_other_end_the_client_comes_back_and_its_caller_sees_none(string reason)
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Stream(Frames.Open("fresh"), Frames.Event(1), Frames.End(reason, 1)),
            Answers.Stream(Frames.Open("resumed", 1), Frames.Event(2), Frames.End("completed", 2)));

        var events = await StreamClients.Create().ReadAsync(server.Uri).ToListAsync();

        Assert.That(events.Where(static item => !item.IsControl).Select(static item => item.Sequence), Is.EqualTo([1, 2]));
        Assert.That(events.Where(static item => item.Data is StreamEnding), Has.Exactly(1).Items);
        Assert.That(server.Requests.Select(static request => request.LastEventId), Is.EqualTo([null, "0k3a-1"]));
    }

    [Test]
    public async Task A_stream_that_just_ends_is_asked_for_again_behind_its_last_event()
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream(Frames.Event(1), Frames.Event(2)), Answers.Stream(Frames.Event(3)), Answers.Status(204));
        var stream = StreamClients.Create().ReadAsync(server.Uri);

        var events = await stream.ToListAsync();

        Assert.That(events.Select(static item => item.Sequence), Is.EqualTo([1, 2, 3]));
        Assert.That(server.Requests.Select(static request => request.LastEventId), Is.EqualTo([null, "0k3a-2", "0k3a-3"]));
        Assert.That((stream.Delivered, stream.Duplicates, stream.Reconnects), Is.EqualTo((3L, 0L, 1)));
    }

    [Test]
    public async Task A_204_ends_the_enumeration_as_completed()
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(204));
        var stream = StreamClients.Create().ReadAsync(server.Uri, new EventCursor(Frames.Epoch, 7));

        Assert.That(await stream.ToListAsync(), Is.Empty);
        Assert.That(stream.State, Is.EqualTo(new ConnectionState(ConnectionStatus.Ended, Reason: EndReason.Completed)));
        Assert.That(server.Requests.Single().LastEventId, Is.EqualTo("0k3a-7"));
    }

    [Test]
    public async Task The_request_asks_for_a_stream_and_resumes_from_the_callers_cursor()
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(204));

        await StreamClients.Create().ReadAsync(server.Uri, new EventCursor(Frames.Epoch, 7)).ToListAsync();

        var headers = server.Requests.Single().Headers;
        Assert.That(headers["Accept"], Is.EqualTo("text/event-stream"));
        Assert.That(headers["Cache-Control"], Is.EqualTo("no-cache"));
        Assert.That(headers["Last-Event-ID"], Is.EqualTo("0k3a-7"));
    }

    [Test]
    public async Task Leaving_the_enumeration_closes_the_connection()
    {
        await using var server = await StreamServer.StartAsync(Answers.Open(Frames.Event(1), Frames.Event(2)));
        var stream = StreamClients.Create().ReadAsync(server.Uri);

        await foreach (var item in stream)
        {
            Assert.That(item.Sequence, Is.EqualTo(1));
            break;
        }

        await server.Requests.Single().Aborted.WithinSafetyAsync();
        Assert.That(stream.State, Is.EqualTo(new ConnectionState(ConnectionStatus.Ended, Reason: EndReason.Disposed)));
        Assert.That(stream.Cursor, Is.EqualTo(new EventCursor(Frames.Epoch, 1)));
    }

    [Test]
    public async Task A_stream_is_enumerated_once()
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(204));
        var stream = StreamClients.Create().ReadAsync(server.Uri);
        await stream.ToListAsync();

        Assert.That(() => stream.GetAsyncEnumerator(), Throws.InvalidOperationException);
    }

    [Test]
    public async Task What_is_no_place_is_refused()
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(204));
        var client = StreamClients.Create();

        Assert.That(() => client.ReadAsync(server.Uri, default(EventCursor)), Throws.ArgumentException.With.Message.Contains("the stream's own Cursor"));
        Assert.That(server.Requests, Is.Empty);
    }
}
