using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Streams;

internal sealed class StartingPlaceTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task From_the_start_one_gets_all_that_is_held_and_from_the_end_what_comes_from_now_on()
    {
        await using var host = await StreamHost.StartAsync(static app => app.MapEventStream(StreamHost.Pattern));
        var uri = new Uri(host.Address, StreamHost.PathOf(Topic));
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        host.Bus.Publish(Topic, SampleTypes.Delta);
        await using var newcomer = StreamClients.Create().ReadAsync(uri).GetAsyncEnumerator();
        await using var fromStart = StreamClients.Create().ReadAsync(uri, EventCursor.Start).GetAsyncEnumerator();
        await using var fromEnd = StreamClients.Create().ReadAsync(uri, EventCursor.End).GetAsyncEnumerator();
        Assert.That((await newcomer.NextPublishedAsync()).Sequence, Is.EqualTo(2), "An iteration is not replayed to newcomers.");
        Assert.That((await fromStart.NextPublishedAsync()).Sequence, Is.EqualTo(1));
        Assert.That((await fromEnd.NextAsync()).Data, Is.TypeOf<StreamOpening>());
        host.Bus.Publish(Topic, SampleTypes.Delta);
        Assert.That((await fromEnd.NextPublishedAsync()).Sequence, Is.EqualTo(3));
    }

    [Test]
    public async Task What_is_published_while_a_connection_from_the_end_is_cut_is_not_lost()
    {
        await using var server = await StreamServer.StartAsync(
            Answers.Status(503),
            Answers.Stream(Frames.Open("fresh", 5)),
            Answers.Stream(Frames.Open("resumed", 5), Frames.Event(6), Frames.End("completed", 6)));
        var events = await StreamClients.Create().ReadAsync(server.Uri, EventCursor.End).ToListAsync();

        Assert.That(server.Requests.Select(static request => (request.Path, request.LastEventId)), Is.EqualTo([
            ("/stream?from=end", (string?)null),
            ("/stream?from=end", null),
            ("/stream", "0k3a-5"),
        ]));
        Assert.That(events.Select(static item => item.Type), Is.EqualTo(["stream.open", "step", "stream.end"]));
    }

    [TestCase("/stream?types=a", "/stream?types=a&from=start")]
    [TestCase("/stream#there", "/stream?from=start")]
    [TestCase("/stream?types=a#there?", "/stream?types=a&from=start")]
    public async Task The_rest_of_a_URL_stays_as_it_is(string path, string asked)
    {
        await using var server = await StreamServer.StartAsync(Answers.Status(204));
        await StreamClients.Create().ReadAsync(new Uri(server.Uri, path), EventCursor.Start).ToListAsync();

        Assert.That(server.Requests.Single().Path, Is.EqualTo(asked));
    }
}
