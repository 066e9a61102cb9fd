using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Relay;

internal sealed class LoopTests
{
    private const string Topic = Relays.Topic;

    [Test]
    public async Task A_relay_that_reads_itself_says_so()
    {
        await using var self = await StartAsync(port => port);
        Assert.That((await self.Relay.OpenAsync()).Status, Is.EqualTo(TopicOpeningStatus.Loop));
        Assert.That(self.Requests, Has.Count.EqualTo(1));
        using var viewer = await self.Host.OpenAsync(StreamHost.PathOf(Topic));
        Assert.That((int)viewer.Status, Is.EqualTo(508));
    }

    [Test]
    public async Task Two_relays_that_read_each_other_say_so()
    {
        var (one, other) = await StartPairAsync();
        await using (one)
        await using (other)
        {
            Assert.That((await one.Relay.OpenAsync()).Status, Is.EqualTo(TopicOpeningStatus.Loop));
            Assert.That((await other.Relay.OpenAsync()).Status, Is.EqualTo(TopicOpeningStatus.Loop));
            Assert.That(one.Relay.TopicCount + other.Relay.TopicCount, Is.Zero);
        }
    }

    [Test]
    public async Task Two_relays_that_open_each_other_at_the_same_moment_do_not_wait_for_ever()
    {
        var (one, other) = await StartPairAsync(static options => options.OpenTimeout = TimeSpan.FromMilliseconds(200));
        await using (one)
        await using (other)
        {
            for (var round = 0; round < 5; round++)
            {
                var openings = await Task.WhenAll(one.Relay.OpenAsync(), other.Relay.OpenAsync());
                Assert.That(openings.Select(static opening => opening.Status), Has.All.EqualTo(TopicOpeningStatus.Loop).Or.All.EqualTo(TopicOpeningStatus.Unavailable).Or.Some.EqualTo(TopicOpeningStatus.Loop));
            }

            await one.Host.Log.UntilAsync(3111, one.Host.Log.Of(3110).Count);
            await other.Host.Log.UntilAsync(3111, other.Host.Log.Of(3110).Count);
            Assert.That((await one.Relay.OpenAsync()).Status, Is.EqualTo(TopicOpeningStatus.Loop), "Alone it sees the circle.");
        }
    }

    [Test]
    public async Task A_request_that_came_through_this_relay_is_refused_and_so_is_one_that_came_too_far()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template, static options => options.Name = "me");
        Assert.That(await relay.OpenAsync(via: ["a", "ME"]), Is.SameAs(TopicOpening.Loop));
        Assert.That(await relay.OpenAsync(via: [.. Enumerable.Range(0, 16).Select(static i => $"r{i}")]), Is.SameAs(TopicOpening.Loop));
        Assert.That(origin.Requests, Is.Empty);
        await using var far = await relay.OpenAsync(via: [.. Enumerable.Range(0, 15).Select(static i => $"r{i}")]);
        Assert.That(far.Status, Is.EqualTo(TopicOpeningStatus.Open));
        Assert.That(origin.Requests.Single().Headers["Via"], Is.EqualTo(string.Join(", ", Enumerable.Range(0, 15).Select(static i => $"1.1 r{i}").Append("1.1 me"))));
    }

    [Test]
    public async Task A_topic_whose_way_leads_through_who_asks_is_a_circle_to_it()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var near = await Upstream.StartRelayAsync(origin.Template, static options => options.Name = "near");
        await using var far = await Upstream.StartRelayAsync(near.Template, static options => options.Name = "far");
        await using var opening = await far.Relay.OpenAsync();
        Assert.That(opening.Via, Is.EqualTo(["far", "near"]));
        await using var bus = Relays.CreateBus();
        await using var asking = Relays.Create(bus, far.Template, static options => options.Name = "NEAR");
        Assert.That((await asking.OpenAsync()).Status, Is.EqualTo(TopicOpeningStatus.Loop));
        Assert.That(bus.TopicCount, Is.Zero);
    }

    [Test]
    public async Task A_proxy_on_the_way_here_that_is_called_as_one_on_the_way_on_is_no_circle()
    {
        await using var origin = await Upstream.StartAsync(answer: context =>
        {
            context.Response.Headers.Via = "1.1 google";
            return Answers.Open(Frames.Open("fresh"), Frames.Event(1))(context);
        });
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template);
        await using var opening = await relay.OpenAsync(via: "google");
        Assert.That(opening.Status, Is.EqualTo(TopicOpeningStatus.Open));
    }

    [Test]
    public async Task A_name_that_cannot_be_passed_on_is_left_out()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template, static options => options.Name = "me");
        await using var opening = await relay.OpenAsync(via: ["h\u00fctte", "a", new string('b', 200)]);
        Assert.That(opening.Status, Is.EqualTo(TopicOpeningStatus.Open));
        Assert.That(origin.Requests.Single().Headers["Via"], Is.EqualTo("1.1 a, 1.1 me"));
    }

    [Test]
    public async Task A_name_on_the_upstreams_way_that_cannot_be_passed_on_is_left_out()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        using var http = new HttpClient(new NamingHandler());
        await using var relay = new EventRelay(bus, StreamClients.Create(http: http), new EventRelayOptions { Upstream = origin.Template, Name = "me" });
        await using var opening = await relay.OpenAsync();
        Assert.That(opening.Via, Is.EqualTo(["me", "a"]));
    }

    [Test]
    public async Task A_circle_of_the_one_who_asked_first_is_none_of_those_who_joined()
    {
        var (asked, answer) = (Signals.Create(), Signals.Create());
        await using var origin = await Upstream.StartAsync(answer: async context =>
        {
            if (context.Request.Headers.Via.ToString().Contains("origin", StringComparison.Ordinal))
            {
                asked.SetResult();
                await answer.Task;
                await Answers.Status(StatusCodes.Status508LoopDetected)(context);
            }
            else
            {
                await Answers.Open(Frames.Open("fresh"), Frames.Event(1))(context);
            }
        });
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template);
        var first = relay.OpenAsync(via: "origin");
        await asked.Task.WithinSafetyAsync();
        var second = relay.OpenAsync();
        answer.SetResult();
        Assert.That((await first).Status, Is.EqualTo(TopicOpeningStatus.Loop));
        await using var opening = await second;
        Assert.That(opening.Status, Is.EqualTo(TopicOpeningStatus.Open));
    }

    private static async Task<(Upstream One, Upstream Other)> StartPairAsync(Action<EventRelayOptions>? configure = null)
    {
        var ports = new int[2];
        var one = await StartAsync(_ => ports[1], configure);
        var other = await StartAsync(_ => ports[0], configure);
        ports[0] = one.Host.Address.Port;
        ports[1] = other.Host.Address.Port;
        return (one, other);
    }

    /// <summary>A host that has its topics from a port which is known later.</summary>
    private static async Task<Upstream> StartAsync(Func<int, int> upstreamOf, Action<EventRelayOptions>? configure = null)
    {
        var port = 0;
        var host = await Upstream.StartAsync(bus => Upstream.Add(bus, template: null, options =>
        {
            options.FindUpstream = topic => new Uri($"http://127.0.0.1:{upstreamOf(port)}{StreamHost.PathOf(topic)}");
            configure?.Invoke(options);
        }));
        port = host.Host.Address.Port;
        return host;
    }

    /// <summary>A proxy with a name that a header of a response can have, byte by byte, and one written by Kestrel cannot.</summary>
    private sealed class NamingHandler() : DelegatingHandler(EventStreamClient.CreateHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            response.Headers.TryAddWithoutValidation("Via", "1.1 h\u00fctte, 1.1 a");
            return response;
        }
    }
}
