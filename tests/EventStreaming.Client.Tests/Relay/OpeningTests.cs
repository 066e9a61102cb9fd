using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Relay;

internal sealed class OpeningTests
{
    private const string Topic = Relays.Topic;

    [TestCase(404, TopicOpeningStatus.NotFound)]
    [TestCase(410, TopicOpeningStatus.NotFound)]
    [TestCase(204, TopicOpeningStatus.NotFound)]
    [TestCase(401, TopicOpeningStatus.Forbidden)]
    [TestCase(403, TopicOpeningStatus.Forbidden)]
    [TestCase(508, TopicOpeningStatus.Loop)]
    [TestCase(400, TopicOpeningStatus.Failed)]
    public async Task A_refusal_of_the_upstream_is_answered_at_once_and_leaves_nothing(int status, TopicOpeningStatus expected)
    {
        await using var origin = await Upstream.StartAsync(answer: Answers.Status(status));
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template);
        var opening = await relay.OpenAsync();
        Assert.That(opening.Status, Is.EqualTo(expected));
        Assert.That(bus.TopicCount, Is.Zero);
        Assert.That(relay.TopicCount, Is.Zero);
        Assert.That((await relay.OpenAsync()).Status, Is.EqualTo(expected));
        Assert.That(origin.Requests, Has.Count.EqualTo(2), "It is asked again.");
    }

    [Test]
    public async Task An_upstream_that_is_away_is_waited_for_no_longer_than_OpenTimeout()
    {
        await using var origin = await Upstream.StartAsync(answer: Answers.Status(StatusCodes.Status503ServiceUnavailable));
        await using var bus = Relays.CreateBus();
        var clock = new ManualTimeProvider();
        await using var relay = Relays.Create(bus, origin.Template, clock: clock);
        var opening = relay.OpenAsync();
        clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        Assert.That(opening.IsCompleted, Is.False);
        clock.Advance(TimeSpan.FromTicks(1));
        var opened = await opening;
        Assert.That(opened.Status, Is.EqualTo(TopicOpeningStatus.Unavailable));
        Assert.That((opened.Upstream!.Status, opened.Upstream.Upstream), Is.EqualTo((UpstreamStatus.Reconnecting, origin.Host.Address.Authority)));
        origin.ComeBack();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var later = await relay.OpenAsync();
        Assert.That(later.Status, Is.EqualTo(TopicOpeningStatus.Open));
    }

    [Test]
    public async Task With_FailFast_an_upstream_that_is_away_is_not_waited_for()
    {
        await using var origin = await Upstream.StartAsync(answer: Answers.Status(StatusCodes.Status503ServiceUnavailable));
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template, static options => options.FailFast = true);
        var opening = await relay.OpenAsync();
        Assert.That((opening.Status, opening.Upstream!.Status), Is.EqualTo((TopicOpeningStatus.Failed, UpstreamStatus.Down)));
        Assert.That(origin.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_is_away_behind_the_next_relay_is_told_by_its_name()
    {
        await using var origin = await Upstream.StartAsync(answer: Answers.Status(StatusCodes.Status503ServiceUnavailable));
        await using var near = await Upstream.StartRelayAsync(origin.Template, static options => options.OpenTimeout = TimeSpan.FromMilliseconds(1));
        await using var bus = Relays.CreateBus();
        var clock = new ManualTimeProvider();
        await using var relay = Relays.Create(bus, near.Template, clock: clock);
        var opening = relay.OpenAsync();

        // What it answered first has been read when it is asked again.
        await near.UntilRequestedAsync(2);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.That((await opening).Upstream!.Upstream, Is.EqualTo(origin.Host.Address.Authority));
    }

    [Test]
    public async Task One_who_leaves_does_not_take_the_opening_from_those_who_joined()
    {
        await using var origin = await Upstream.StartAsync(answer: Answers.Silence);
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template);
        using var leaving = new CancellationTokenSource();
        var first = relay.OpenAsync(cancellationToken: leaving.Token);
        var second = relay.OpenAsync();
        await leaving.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(second.IsCompleted, Is.False);
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        origin.ComeBack();
        await using var opening = await second;
        Assert.That(opening.Status, Is.EqualTo(TopicOpeningStatus.Open));
    }

    [Test]
    public async Task When_the_last_one_leaves_an_opening_the_request_ends()
    {
        await using var origin = await Upstream.StartAsync(answer: Answers.Silence);
        await using var bus = Relays.CreateBus();
        var log = new LogRecorder();
        await using var relay = Relays.Create(bus, origin.Template, log: log);
        using var leaving = new CancellationTokenSource();
        var openings = new[] { relay.OpenAsync(cancellationToken: leaving.Token), relay.OpenAsync(cancellationToken: leaving.Token) };
        await leaving.CancelAsync();
        foreach (var opening in openings)
        {
            Assert.That(async () => await opening, Throws.InstanceOf<OperationCanceledException>());
        }

        await log.UntilAsync(3111);
        Assert.That(relay.TopicCount, Is.Zero);
    }

    [Test]
    public async Task Who_waits_when_the_relay_is_disposed_gets_it_as_unavailable()
    {
        await using var origin = await Upstream.StartAsync(answer: Answers.Silence);
        await using var bus = Relays.CreateBus();
        var relay = Relays.Create(bus, origin.Template);
        var opening = relay.OpenAsync();
        await relay.DisposeAsync();
        Assert.That((await opening).Status, Is.EqualTo(TopicOpeningStatus.Unavailable));
        Assert.That((await relay.OpenAsync()).Status, Is.EqualTo(TopicOpeningStatus.Unavailable));
        await relay.DisposeAsync();
    }

    [Test]
    public async Task A_disposed_relay_leaves_its_topics_and_their_viewers()
    {
        await using var origin = await Upstream.StartAsync();
        var published = origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        var relay = Relays.Create(bus, origin.Template);
        await using var opening = await relay.OpenAsync();
        await using var reader = bus.SubscribeFrom(null);
        await relay.DisposeAsync();
        await origin.Requests[0].Aborted.WithinSafetyAsync();
        Assert.That(reader.EndReason, Is.Null);
        Assert.That(bus.FindTopic(Topic)!.Head, Is.EqualTo(published.Cursor));
        using var feed = bus.OpenFeed(Topic, published.Cursor);
        Assert.That(feed.IsClosed, Is.False, "Another one may go on with it.");
    }

    [Test]
    public async Task A_topic_of_the_bus_s_own_is_not_the_relay_s()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        bus.Publish(Topic, SampleTypes.Delta);
        await using var relay = Relays.Create(bus, origin.Template);
        Assert.That(await relay.OpenAsync(), Is.SameAs(TopicOpening.NotMine));
        Assert.That(origin.Requests, Is.Empty);
    }

    [Test]
    public async Task A_topic_that_someone_else_feeds_is_not_the_relay_s()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        using var feed = bus.OpenFeed(Topic, new EventCursor("a", 0));
        await using var relay = Relays.Create(bus, origin.Template);
        Assert.That(await relay.OpenAsync(), Is.SameAs(TopicOpening.NotMine));
    }

    [Test]
    public async Task One_who_subscribed_before_there_was_anything_is_not_in_the_way()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        await using var early = bus.SubscribeFrom(null);
        await using var relay = Relays.Create(bus, origin.Template);
        await using var opening = await relay.OpenAsync();
        Assert.That(opening.Status, Is.EqualTo(TopicOpeningStatus.Open));
        Assert.That(early.EndReason, Is.EqualTo(EndReason.TopicClosed));
    }

    [Test]
    public async Task A_topic_for_which_there_is_no_upstream_is_not_the_relay_s()
    {
        await using var bus = Relays.CreateBus();
        await using var relay = new EventRelay(bus, StreamClients.Create(), new EventRelayOptions { FindUpstream = static _ => null });
        Assert.That(await relay.OpenAsync(), Is.SameAs(TopicOpening.NotMine));
        Assert.That(await relay.OpenAsync("a\nb"), Is.SameAs(TopicOpening.NotMine));
    }

    [Test]
    public async Task When_as_many_topics_are_watched_as_may_be_another_one_is_unavailable_and_one_that_nobody_watches_makes_room()
    {
        await using var origin = await Upstream.StartAsync();
        foreach (var topic in new[] { "1", "2", "3" })
        {
            origin.Bus.Publish(topic, SampleTypes.Delta);
        }

        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template, static options => options.MaxTopics = 2);
        await using var one = await relay.OpenAsync("1");
        var two = await relay.OpenAsync("2");
        Assert.That((await relay.OpenAsync("3")).Status, Is.EqualTo(TopicOpeningStatus.Unavailable));
        await two.DisposeAsync();
        await two.DisposeAsync();
        await using var three = await relay.OpenAsync("3");
        Assert.That(three.Status, Is.EqualTo(TopicOpeningStatus.Open));
        await origin.Requests.Single(static request => request.Path.Contains("/2/", StringComparison.Ordinal)).Aborted.WithinSafetyAsync();
    }

    [Test]
    public async Task A_bus_without_room_makes_it_unavailable()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus(static options => options.Topics.MaxCount = 1);
        await using var own = bus.Subscribe("own");
        await using var relay = Relays.Create(bus, origin.Template);
        Assert.That((await relay.OpenAsync()).Status, Is.EqualTo(TopicOpeningStatus.Unavailable));
    }

    [Test]
    public async Task A_topic_that_the_host_closes_is_read_no_more_and_may_be_opened_again()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template);
        await using var opening = await relay.OpenAsync();
        bus.CloseTopic(Topic);
        await origin.Requests[0].Aborted.WithinSafetyAsync();
        await using var again = await relay.OpenAsync();
        Assert.That(again.Status, Is.EqualTo(TopicOpeningStatus.Open));
        Assert.That(bus.FindTopic(Topic)!.HistoryCount, Is.EqualTo(1));
    }

    [Test]
    public async Task A_stream_of_another_kind_of_server_is_refused()
    {
        await using var origin = await Upstream.StartAsync(answer: Answers.Open("id: 1\ndata: hello\n\n"));
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template);
        Assert.That((await relay.OpenAsync()).Status, Is.EqualTo(TopicOpeningStatus.Failed));
    }

    [Test]
    public async Task A_server_that_does_not_say_where_it_begins_is_relayed_from_its_first_event_on()
    {
        await using var origin = await Upstream.StartAsync(answer: Answers.Open(Frames.Event(3), Frames.Event(4)));
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template);
        await using var opening = await relay.OpenAsync();
        await using var reader = bus.SubscribeFrom(EventCursor.Start);
        Assert.That((await reader.NextAsync()).Data, Is.EqualTo(new Gap(1, 2, 2, GapReason.Evicted)));
        Assert.That((await reader.NextAsync(2)).Select(static item => item.Sequence), Is.EqualTo([3, 4]));
    }
}
