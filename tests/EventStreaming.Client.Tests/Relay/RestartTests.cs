using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Relay;

internal sealed class RestartTests
{
    private const string Topic = Relays.Topic;

    [Test]
    public async Task A_log_that_begins_anew_there_begins_anew_here_and_viewers_are_told()
    {
        var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var near = await Upstream.StartRelayAsync(origin.Template);
        await using var far = await Upstream.StartRelayAsync(near.Template);
        await using var events = StreamClients.Create().ReadAsync(far.UriOf(Topic)).GetAsyncEnumerator();
        for (var i = 0; i < 3; i++)
        {
            await events.NextAsync();
        }

        await origin.DisposeAsync();
        await using var next = await Upstream.StartAsync(port: origin.Host.Address.Port, answer: Answers.Status(StatusCodes.Status503ServiceUnavailable));
        var cursors = new[] { next.Bus.Publish(Topic, SampleTypes.Iteration).Cursor, next.Bus.Publish(Topic, SampleTypes.Delta).Cursor };
        next.ComeBack();
        StreamEvent item;
        do
        {
            item = await events.NextAsync();
        }
        while (item.Data is UpstreamState);

        Assert.That(item.Data, Is.InstanceOf<StreamOpening>().With.Property(nameof(StreamOpening.Outcome)).EqualTo(ResumeOutcome.EpochChanged));
        Assert.That(new[] { (await events.NextAsync()).Cursor, (await events.NextAsync()).Cursor }, Is.EqualTo(cursors));
    }

    [Test]
    public async Task After_a_break_nothing_is_lost_and_nothing_comes_twice()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta, 0);
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template);
        await using var opening = await relay.OpenAsync();
        await using var reader = bus.SubscribeFrom(EventCursor.Start);
        var next = 1;
        for (var round = 0; round < 20; round++)
        {
            for (var i = 0; i < 50; i++)
            {
                origin.Bus.Publish(Topic, SampleTypes.Asked, "text");
                if (i == 25)
                {
                    origin.Answer(null);
                }
            }

            // To the last of them: the relay has a connection when the next one is cut.
            while (next <= 1 + ((round + 1) * 50))
            {
                var item = await reader.NextAsync();
                if (!item.IsControl)
                {
                    Assert.That(item.Sequence, Is.EqualTo(next++));
                }
            }
        }

        Assert.That(origin.Requests, Has.Count.GreaterThan(10));
        Assert.That(origin.Requests.Skip(1).Select(static request => request.LastEventId), Has.All.Not.Null);
    }

    [Test]
    public async Task Viewers_stay_and_are_told_when_the_upstream_is_away_and_back()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var near = await Upstream.StartRelayAsync(origin.Template);
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, near.Template);
        await using var opening = await relay.OpenAsync();
        await using var reader = bus.SubscribeFrom(null);
        await reader.NextAsync();
        origin.GoAway();
        Assert.That((await reader.NextUpstreamAsync(UpstreamStatus.Reconnecting)).Upstream, Is.EqualTo(origin.Host.Address.Authority), "Told two hops away.");
        await using (var late = bus.SubscribeFrom(null))
        {
            Assert.That((await late.NextAsync()).Sequence, Is.EqualTo(1), "What is here can be watched.");
            Assert.That((await late.NextUpstreamAsync(UpstreamStatus.Reconnecting)).Upstream, Is.EqualTo(origin.Host.Address.Authority));
        }

        var meanwhile = origin.Bus.Publish(Topic, SampleTypes.Delta);
        origin.ComeBack();
        var (notice, item) = Sorted(await reader.NextAsync(2));
        Assert.That(notice, Is.EqualTo((UpstreamStatus.Connected, origin.Host.Address.Authority)));
        Assert.That(item.Cursor, Is.EqualTo(meanwhile.Cursor));

        near.GoAway();
        Assert.That((await reader.NextUpstreamAsync(UpstreamStatus.Reconnecting)).Upstream, Is.EqualTo(near.Host.Address.Authority));
        near.ComeBack();
        Assert.That((await reader.NextUpstreamAsync(UpstreamStatus.Connected)).Upstream, Is.EqualTo(near.Host.Address.Authority));
    }

    [Test]
    public async Task With_FailFast_viewers_are_told_and_their_streams_end()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var near = await Upstream.StartRelayAsync(origin.Template, static options => options.FailFast = true);
        var read = StreamClients.Create().ReadAsync(near.UriOf(Topic));
        await using var events = read.GetAsyncEnumerator();
        await events.NextAsync();
        await events.NextAsync();
        origin.GoAway();
        Assert.That((await events.NextAsync()).Data, Is.InstanceOf<UpstreamState>().With.Property(nameof(UpstreamState.Status)).EqualTo(UpstreamStatus.Down));
        Assert.That((await events.NextAsync()).Data, Is.InstanceOf<StreamEnding>().With.Property(nameof(StreamEnding.Reason)).EqualTo(EndReason.TopicClosed));
        Assert.That((await near.Relay.OpenAsync()).Status, Is.EqualTo(TopicOpeningStatus.Failed));
        origin.ComeBack();
        await using var again = await near.Relay.OpenAsync();
        Assert.That(again.Status, Is.EqualTo(TopicOpeningStatus.Open));
    }

    [TestCase(404, EndReason.TopicClosed, false)]
    [TestCase(410, EndReason.TopicClosed, false)]
    [TestCase(401, EndReason.TopicClosed, true)]
    [TestCase(403, EndReason.TopicClosed, true)]
    [TestCase(508, EndReason.TopicClosed, true)]
    [TestCase(400, EndReason.TopicClosed, true)]
    public async Task When_the_upstream_refuses_what_it_had_shown_the_topic_is_closed(int status, EndReason reason, bool isDown)
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template);
        await using var opening = await relay.OpenAsync();
        await using var reader = bus.SubscribeFrom(null);
        origin.Answer(Answers.Status(status));
        var events = await reader.ReadToEndAsync();
        Assert.That(reader.EndReason, Is.EqualTo(reason));
        var last = events.Select(static item => item.Data).OfType<UpstreamState>().LastOrDefault();
        Assert.That(last?.Status == UpstreamStatus.Down, Is.EqualTo(isDown));
    }

    [TestCase("unknown")]
    [TestCase("ahead")]
    public async Task A_server_that_does_not_know_the_place_any_more_is_read_from_its_beginning(string outcome)
    {
        const string Next = "0k3b";
        await using var server = await StreamServer.StartAsync(
            Answers.Stream(Frames.Open("resumed", 0), Frames.Event(1)),
            Answers.Open(Frames.Open(outcome), Frames.Event(7, epoch: Next)),
            Answers.Open(Frames.Open("resumed", 0, Next), Frames.Event(6, epoch: Next), Frames.Event(7, epoch: Next)));
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, template: null, options => options.FindUpstream = _ => server.Uri);
        await using var all = bus.Subscribe(new SubscriptionOptions());
        await using var opening = await relay.OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            var request = await server.NextRequestAsync();
            Assert.That(request.LastEventId, Is.EqualTo(i == 1 ? $"{Frames.Epoch}-1" : null));
        }

        var cursors = new List<string>();
        while (cursors.Count < 3)
        {
            var item = await all.NextAsync();
            if (!item.IsControl)
            {
                cursors.Add(item.Cursor.ToString());
            }
        }

        Assert.That(cursors, Is.EqualTo([$"{Frames.Epoch}-1", $"{Next}-6", $"{Next}-7"]));
    }

    [Test]
    public async Task A_client_that_gives_up_gives_the_topic_up()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        var log = new LogRecorder();
        await using var relay = Relays.Create(bus, origin.Template, log: log, client: static options =>
        {
            Relays.AtOnce(options);
            options.MaxReconnectAttempts = 2;
        });
        await using var opening = await relay.OpenAsync();
        await using var reader = bus.SubscribeFrom(null);
        origin.GoAway();
        Assert.That((await reader.NextUpstreamAsync(UpstreamStatus.Down)).Upstream, Is.EqualTo(origin.Host.Address.Authority));
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicClosed));
        Assert.That(log.Of(3112), Has.Count.EqualTo(1));
    }

    /// <summary>What has no place comes before or behind what comes at the same time.</summary>
    private static ((UpstreamStatus Status, string? Upstream) Notice, StreamEvent Item) Sorted(IReadOnlyList<StreamEvent> events)
    {
        var state = (UpstreamState)events.Single(static item => item.Data is UpstreamState).Data!;
        return ((state.Status, state.Upstream), events.Single(static item => !item.IsControl));
    }
}
