using System.Text;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Relay;

internal sealed class ChainTests
{
    private const string Topic = Relays.Topic;

    [Test]
    public async Task An_event_is_the_same_at_every_hop()
    {
        await using var origin = await Upstream.StartAsync();
        await using var near = await Upstream.StartRelayAsync(origin.Template);
        await using var far = await Upstream.StartRelayAsync(near.Template);
        var published = origin.Bus.Publish(Topic, new EventDraft("tool_call.start", JsonPayload.Parse("""{ "b": 1.0,  "a" : "\u00e9" }"""u8.ToArray()))
        {
            Source = "worker:7",
            CorrelationId = "c",
            RunId = "r",
            ParentId = "p",
            Id = Guid.CreateVersion7(),
        });

        await using var events = StreamClients.Create().ReadAsync(far.UriOf(Topic, "?from=start&workers=all")).GetAsyncEnumerator();
        Assert.That(((StreamOpening)(await events.NextAsync()).Data!).Head, Is.EqualTo(published.Cursor.ToString()));
        var got = await events.NextAsync();

        Assert.That(
            (got.Cursor, got.Id, got.Time, got.Topic, got.Type, got.Source, got.CorrelationId, got.RunId, got.ParentId, got.TraceParent),
            Is.EqualTo((published.Cursor, published.Id, published.Time, Topic, published.Type, published.Source, published.CorrelationId, published.RunId, published.ParentId, published.TraceParent)));
        Assert.That(Encoding.UTF8.GetString(((JsonPayload)got.Data!).Utf8.Span), Is.EqualTo("""{ "b": 1.0,  "a" : "\u00e9" }"""));
    }

    [Test]
    public async Task What_is_published_while_watched_comes_through_all_hops_in_order()
    {
        await using var origin = await Upstream.StartAsync();
        await using var near = await Upstream.StartRelayAsync(origin.Template);
        await using var far = await Upstream.StartRelayAsync(near.Template);
        var cursors = new List<EventCursor> { origin.Bus.Publish(Topic, SampleTypes.Delta).Cursor };
        await using var events = StreamClients.Create().ReadAsync(far.UriOf(Topic)).GetAsyncEnumerator();
        await events.NextAsync();
        for (var i = 0; i < 500; i++)
        {
            cursors.Add(origin.Bus.Publish(Topic, SampleTypes.Delta, "text").Cursor);
        }

        var got = new List<EventCursor>();
        while (got.Count < cursors.Count)
        {
            got.Add((await events.NextAsync()).Cursor);
        }

        Assert.That(got, Is.EqualTo(cursors));
    }

    [Test]
    public async Task A_viewer_resumes_at_any_hop()
    {
        await using var origin = await Upstream.StartAsync();
        await using var near = await Upstream.StartRelayAsync(origin.Template);
        await using var far = await Upstream.StartRelayAsync(near.Template);
        var first = origin.Bus.Publish(Topic, SampleTypes.Delta).Cursor;
        var cursor = first;

        // Each of them has to bring the topic first, for a viewer who is further than it.
        foreach (var hop in new[] { far, origin, near, far, near, origin })
        {
            var next = origin.Bus.Publish(Topic, SampleTypes.Iteration).Cursor;
            await using var events = StreamClients.Create().ReadAsync(hop.UriOf(Topic), cursor).GetAsyncEnumerator();
            Assert.That(((StreamOpening)(await events.NextAsync()).Data!).Outcome, Is.EqualTo(ResumeOutcome.Resumed));
            var got = await events.NextAsync();
            Assert.That(got.Cursor, Is.EqualTo(next));
            cursor = got.Cursor;
        }
    }

    [Test]
    public async Task A_newcomer_gets_what_newcomers_get_and_no_workers_noise()
    {
        await using var origin = await Upstream.StartAsync();
        await using var relay = await Upstream.StartRelayAsync(origin.Template);
        origin.Bus.Publish(Topic, SampleTypes.Iteration);
        origin.Bus.Publish(Topic, new EventDraft(SampleTypes.Delta) { Source = "worker:1" });
        var asked = origin.Bus.Publish(Topic, SampleTypes.Asked);
        var iteration = origin.Bus.Publish(Topic, SampleTypes.Iteration);
        await using var events = StreamClients.Create().ReadAsync(relay.UriOf(Topic)).GetAsyncEnumerator();
        await events.NextAsync();
        Assert.That((await events.NextAsync()).Cursor, Is.EqualTo(asked.Cursor));
        var live = origin.Bus.Publish(Topic, SampleTypes.Iteration);
        Assert.That((await events.NextAsync()).Cursor, Is.EqualTo(live.Cursor), $"{iteration.Cursor} is not replayed.");

        await using var worker = relay.Bus.Subscribe(new SubscriptionOptions { Topic = Topic, From = EventCursor.Start, Source = "worker:1" });
        Assert.That((await worker.NextAsync()).Sequence, Is.EqualTo(2), "It is here for those who ask.");
    }

    [Test]
    public async Task However_many_watch_there_is_one_connection_to_the_upstream()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template);
        var openings = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => relay.OpenAsync()));
        Assert.That(openings.Select(static opening => opening.Status), Has.All.EqualTo(TopicOpeningStatus.Open));
        var readers = openings.Select(_ => bus.SubscribeFrom(null)).ToArray();
        var next = origin.Bus.Publish(Topic, SampleTypes.Delta);
        foreach (var reader in readers)
        {
            Assert.That((await reader.NextAsync(2)).Select(static item => item.Sequence), Is.EqualTo([1, next.Sequence]));
            await reader.DisposeAsync();
        }

        Assert.That(origin.Requests, Has.Count.EqualTo(1));
        Assert.That(relay.TopicCount, Is.EqualTo(1));
        foreach (var opening in openings)
        {
            await opening.DisposeAsync();
        }
    }

    [Test]
    public async Task A_topic_with_any_name_is_found_by_its_name()
    {
        await using var origin = await Upstream.StartAsync();
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template);
        foreach (var topic in new[] { "a b", "éü?x=1#y", "100%", "a+b&c", "..a", "{topic}" })
        {
            var published = origin.Bus.Publish(topic, SampleTypes.Delta);
            await using var opening = await relay.OpenAsync(topic);
            Assert.That(opening.Status, Is.EqualTo(TopicOpeningStatus.Open), topic);
            Assert.That(bus.FindTopic(topic)!.Head, Is.EqualTo(published.Cursor));
        }
    }

    [Test]
    public async Task Gaps_are_passed_on()
    {
        await using var origin = await Upstream.StartAsync(static bus => bus.Services.Configure<EventStreamingOptions>(static options => options.History.Capacity = 2));
        for (var i = 0; i < 5; i++)
        {
            origin.Bus.Publish(Topic, SampleTypes.Delta);
        }

        await using var near = await Upstream.StartRelayAsync(origin.Template);
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, near.Template);
        await using var opening = await relay.OpenAsync();
        await using var reader = bus.SubscribeFrom(EventCursor.Start);
        Assert.That(reader.Outcome, Is.EqualTo(ResumeOutcome.Gap));
        Assert.That((await reader.NextAsync()).Data, Is.EqualTo(new Gap(1, 3, 3, GapReason.Evicted)));
        Assert.That((await reader.NextAsync(2)).Select(static item => item.Sequence), Is.EqualTo([4, 5]));
    }

    [Test]
    public async Task The_end_of_a_topic_ends_its_viewers_and_late_ones_get_it_without_reading_it_again()
    {
        await using var origin = await Upstream.StartAsync();
        await using var near = await Upstream.StartRelayAsync(origin.Template);
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, near.Template);
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using (await relay.OpenAsync())
        {
            await using var reader = bus.SubscribeFrom(EventCursor.Start);
            origin.Bus.Publish(Topic, SampleTypes.Completed);
            Assert.That((await reader.ReadToEndAsync()).Select(static item => item.Type), Is.EqualTo([SampleTypes.Delta, SampleTypes.Completed]));
            Assert.That(reader.EndReason, Is.EqualTo(EndReason.Completed));
        }

        await using var late = await relay.OpenAsync();
        Assert.That(late.Status, Is.EqualTo(TopicOpeningStatus.Open));
        await using var again = bus.SubscribeFrom(EventCursor.Start);
        Assert.That((await again.ReadToEndAsync()).Select(static item => item.Sequence), Is.EqualTo([1, 2]));
        Assert.That(await StreamClients.Create().ReadAsync(near.UriOf(Topic), again.Cursor).ToListAsync(), Is.Empty, "204 at the hop before.");
    }

    [Test]
    public async Task A_topic_that_is_closed_there_is_closed_here()
    {
        await using var origin = await Upstream.StartAsync();
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template);
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var opening = await relay.OpenAsync();
        await using var reader = bus.SubscribeFrom(null);
        origin.Bus.CloseTopic(Topic);
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
        Assert.That(bus.FindTopic(Topic), Is.Null);
        Assert.That((await relay.OpenAsync()).Status, Is.EqualTo(TopicOpeningStatus.NotFound));
    }
}
