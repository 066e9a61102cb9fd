using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sources;

internal sealed class TopicSourceTests
{
    private const string Topic = "session-1";
    private static readonly UpstreamState s_away = new(UpstreamStatus.Down, new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), "elsewhere");

    [Test]
    public async Task A_source_brings_the_topic_before_the_client_subscribes_and_is_let_go_when_the_stream_has_ended()
    {
        StreamHost? host = null;
        StubSource? source = null;
        source = new StubSource(request =>
        {
            using var feed = host!.Bus.OpenFeed(request.Topic, new EventCursor("abc", 0));
            feed.TryAppend(new FedEvent(7, SampleTypes.Delta, "fed"));
            return source!.Opened("nearest", "farthest");
        });
        await using (host = await StreamHost.StartAsync(services: source.Add))
        {
            using var stream = await host.OpenAsync(
                StreamHost.PathOf(Topic), configure: static request => request.Headers.TryAddWithoutValidation("Via", "1.0 fred, HTTP/2 relay-1 (a comment)"));
            var frames = await stream.NextEventsAsync(2);

            Assert.That((frames[1].Id, frames[1].Payload.GetString()), Is.EqualTo(("abc-7", "fed")));
            Assert.That(source.Asked!.Topic, Is.EqualTo(Topic));
            Assert.That(source.Asked.Via, Is.EqualTo(["fred", "relay-1"]));
            Assert.That(stream.Response.Headers.Via.Select(static via => via.ToString()), Is.EqualTo(["1.1 nearest", "1.1 farthest"]));
            Assert.That(source.Releases, Is.Zero);
            stream.Dispose();
            await source.Released.WithinSafetyAsync();
        }

        Assert.That(source.Releases, Is.EqualTo(1));
    }

    [Test]
    public async Task What_is_not_the_sources_is_found_only_if_the_bus_has_it_or_an_authorizer_allows_it()
    {
        var source = new StubSource(static _ => TopicOpening.NotMine);
        await using (var host = await StreamHost.StartAsync(services: source.Add))
        {
            await host.RefusedAsync(StreamHost.PathOf(Topic), HttpStatusCode.NotFound);
            Assert.That(host.Bus.TopicCount, Is.Zero);
            host.Bus.Publish(Topic, SampleTypes.Delta);
            using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));
            Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.OK));
        }

        var authorizer = new StubAuthorizer(static (_, _) => TopicAccess.Allowed());
        await using (var host = await StreamHost.StartAsync(services: bus =>
        {
            source.Add(bus);
            authorizer.Add(bus);
        }))
        {
            using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));
            Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.OK));
        }
    }

    [Test]
    public async Task A_source_is_not_asked_for_what_the_client_may_not_see()
    {
        var source = new StubSource(static _ => TopicOpening.NotFound);
        await using var host = await StreamHost.StartAsync(services: bus =>
        {
            source.Add(bus);
            new StubAuthorizer(static (_, _) => TopicAccess.Forbidden).Add(bus);
        });
        await host.RefusedAsync(StreamHost.PathOf(Topic), HttpStatusCode.Forbidden);
        Assert.That(source.Asked, Is.Null);
    }

    [TestCase(TopicOpeningStatus.NotFound, 404)]
    [TestCase(TopicOpeningStatus.Forbidden, 502)]
    [TestCase(TopicOpeningStatus.Failed, 502)]
    [TestCase(TopicOpeningStatus.Loop, 508)]
    public async Task What_no_source_can_bring_is_refused_on_every_transport(TopicOpeningStatus status, int expected)
    {
        var source = new StubSource(_ => status switch
        {
            TopicOpeningStatus.NotFound => TopicOpening.NotFound,
            TopicOpeningStatus.Forbidden => TopicOpening.Forbidden,
            TopicOpeningStatus.Failed => TopicOpening.Failed(s_away),
            _ => TopicOpening.Loop,
        });
        await using var host = await StreamHost.StartAsync(MapBoth, source.Add);
        await host.RefusedAsync(StreamHost.PathOf(Topic), (HttpStatusCode)expected);
        using var client = await SocketClient.ConnectAsync(host);
        var reply = await client.SubscribeAsync(Topic);

        Assert.That((reply.Reply(), reply.Status()), Is.EqualTo(("error", expected)));
        Assert.That(host.Bus.TopicCount, Is.Zero);
    }

    [Test]
    public async Task What_is_away_is_told_in_the_stream_and_the_client_comes_back()
    {
        var source = new StubSource(static _ => TopicOpening.Unavailable(s_away));
        await using var host = await StreamHost.StartAsync(MapBoth, source.Add);
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));
        var frames = await stream.ReadToEndAsync();

        Assert.That((stream.Status, stream.Response.Content.Headers.ContentType!.MediaType), Is.EqualTo((HttpStatusCode.OK, "text/event-stream")));
        Assert.That(frames.Select(static frame => (frame.Event, frame.Id)), Is.EqualTo(new (string?, string?)[] { ("stream.upstream", null), (null, null) }));
        Assert.That(frames[0].Payload.GetRawText(), Is.EqualTo("""{"status":"down","since":"2030-01-02T03:04:05+00:00","upstream":"elsewhere"}"""));
        Assert.That(frames[1].Retry, Is.Not.Null);

        using var client = await SocketClient.ConnectAsync(host);
        var reply = await client.SubscribeAsync(Topic);
        Assert.That((reply.Reply(), reply.Status()), Is.EqualTo(("error", 503)));
        Assert.That(reply.GetProperty("retryAfter").GetInt32(), Is.GreaterThan(0));
    }

    [Test]
    public async Task Viewers_are_told_what_becomes_of_the_upstream_and_their_place_stays_where_it_was([Values] bool isSocket)
    {
        await using var host = await StreamHost.StartAsync(MapBoth);
        using var feed = host.Bus.OpenFeed(Topic, new EventCursor("abc", 0));
        feed.TryAppend(new FedEvent(1, SampleTypes.Delta, "fed"));
        if (isSocket)
        {
            using var client = await SocketClient.ConnectAsync(host);
            await client.SubscribeAsync(Topic);
            Assert.That((await client.NextEventAsync()).EventType(), Is.EqualTo("stream.open"));
            Assert.That((await client.NextEventAsync()).Text("cursor"), Is.EqualTo("abc-1"));
            feed.TryAnnounce(s_away);
            var told = await client.NextEventAsync();
            Assert.That((told.EventType(), told.TryGetProperty("cursor", out _)), Is.EqualTo(("stream.upstream", false)));
            return;
        }

        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));
        Assert.That((await stream.NextEventsAsync(2))[^1].Id, Is.EqualTo("abc-1"));
        feed.TryAnnounce(s_away);
        var frame = await stream.NextEventAsync();
        Assert.That((frame.Event, frame.Id, frame.Payload.GetProperty("status").GetString()), Is.EqualTo(("stream.upstream", (string?)null, "down")));
    }

    [Test]
    public async Task Whose_client_is_gone_need_not_be_brought([Values] bool isSocket)
    {
        var asked = Signals.Create();
        var cancelled = Signals.Create();
        var source = new StubSource(async (_, cancellationToken) =>
        {
            asked.TrySetResult();
            await using var registration = cancellationToken.Register(() => cancelled.TrySetResult());
            await cancelled.Task;
            cancellationToken.ThrowIfCancellationRequested();
            return TopicOpening.NotFound;
        });
        await using var host = await StreamHost.StartAsync(MapBoth, source.Add);
        if (isSocket)
        {
            using var client = await SocketClient.ConnectAsync(host);
            await client.SendAsync($$"""{"action":"subscribe","topic":"{{Topic}}"}""");
            await asked.Task.WithinSafetyAsync();
            client.Socket.Abort();
        }
        else
        {
            using var leave = new CancellationTokenSource();
            var request = host.Client.GetAsync(StreamHost.PathOf(Topic), leave.Token);
            await asked.Task.WithinSafetyAsync();
            await leave.CancelAsync();
            Assert.That(async () => await request.WithinSafetyAsync(), Throws.InstanceOf<OperationCanceledException>());
        }

        await cancelled.Task.WithinSafetyAsync();
    }

    [Test]
    public async Task A_topic_that_goes_between_its_opening_and_the_subscription_is_not_made_anew([Values] bool isSocket)
    {
        var source = new StubSource(static _ => TopicOpening.Opened(["relay-1"]));
        await using var host = await StreamHost.StartAsync(MapBoth, source.Add);
        if (isSocket)
        {
            using var client = await SocketClient.ConnectAsync(host);
            Assert.That((await client.SubscribeAsync(Topic)).Status(), Is.EqualTo(404));
        }
        else
        {
            await host.RefusedAsync(StreamHost.PathOf(Topic), HttpStatusCode.NotFound);
        }

        Assert.That(host.Bus.TopicCount, Is.Zero);
    }

    [Test]
    public async Task A_restarted_topic_ends_the_stream_and_its_client_resumes_in_the_new_log()
    {
        await using var host = await StreamHost.StartAsync();
        var feed = host.Bus.OpenFeed(Topic, new EventCursor(Epochs.Create(Topic, life: 1), 0));
        feed.TryAppend(new FedEvent(1, SampleTypes.Delta, "before"));
        using var stream = await host.OpenAsync(StreamHost.PathOf(Topic));
        var place = (await stream.NextEventsAsync(2))[^1].Id;
        feed.Dispose();
        using var next = host.Bus.OpenFeed(Topic, new EventCursor(Epochs.Create(Topic, life: 2), 0));
        next.TryAppend(new FedEvent(1, SampleTypes.Delta, "after"));

        var end = (await stream.ReadToEndAsync()).Single(static frame => frame.Event is not null);
        Assert.That((end.Event, end.Id, end.Payload.GetProperty("reason").GetString()), Is.EqualTo(("stream.end", place, "topicRestarted")));
        using var again = await host.OpenAsync(StreamHost.PathOf(Topic), place);
        var frames = await again.NextEventsAsync(2);
        Assert.That((frames[0].Payload.GetProperty("outcome").GetString(), frames[1].Payload.GetString()), Is.EqualTo(("epochChanged", "after")));
    }

    private static void MapBoth(WebApplication app)
    {
        app.MapEventStream(StreamHost.Pattern);
        app.MapEventSocket(SocketClient.Path);
    }
}
