using EventStreaming.Client.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Streams;

internal sealed class ForeignStreamTests
{
    [Test]
    public async Task A_stream_of_another_kind_is_read_and_resumed_with_its_own_ids()
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Stream("data: hello\n\n", "id: tweet 7/9\nevent: tweet\ndata: {\"text\":\"hi\"}\n\n"), Answers.Stream("id: tweet 8/9\ndata: bye\n\n"), Answers.Status(204));
        var stream = StreamClients.Create().ReadAsync(server.Uri);

        var events = await stream.ToListAsync();

        Assert.That(events.Select(static item => (item.Type, item.Data?.ToString())), Is.EqualTo([("message", "hello"), ("tweet", """{"text":"hi"}"""), ("message", "bye")]));
        Assert.That(server.Requests.Select(static request => request.LastEventId), Is.EqualTo([null, "tweet 7/9", "tweet 8/9"]));
        Assert.That(stream.Cursor, Is.Null);
    }

    [Test]
    public async Task Several_frames_of_one_id_are_no_duplicates_where_ids_are_not_sequences_of_events()
    {
        await using var server = await StreamServer.StartAsync(Answers.Stream("id: 0k3a-7\ndata: 1\n\n", "data: 2\n\n", "id: 0k3a-7\ndata: 3\n\n"), Answers.Status(204));
        var stream = StreamClients.Create().ReadAsync(server.Uri);

        var events = await stream.ToListAsync();

        Assert.That(events.Select(static item => item.Data?.ToString()), Is.EqualTo(["1", "2", "3"]));
        Assert.That(stream.Cursor, Is.EqualTo(new EventCursor("0k3a", 7)));
    }
}
