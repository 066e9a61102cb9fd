using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Relay;

internal sealed class IdleTests
{
    private const string Topic = Relays.Topic;
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_topic_that_nobody_watches_is_read_no_more_and_the_next_viewer_goes_on_behind_it()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        var clock = new ManualTimeProvider();
        await using var relay = Relays.Create(bus, origin.Template, clock: clock);
        var first = await relay.OpenAsync();
        await (await relay.OpenAsync()).DisposeAsync();
        clock.Advance(s_idle * 2);
        Assert.That(relay.TopicCount, Is.EqualTo(1), "One watches on.");

        await first.DisposeAsync();
        clock.Advance(s_idle - TimeSpan.FromTicks(1));
        await (await relay.OpenAsync()).DisposeAsync();
        clock.Advance(s_idle - TimeSpan.FromTicks(1));
        Assert.That(relay.TopicCount, Is.EqualTo(1), "The time began anew.");
        Assert.That(origin.Requests, Has.Count.EqualTo(1));

        clock.Advance(TimeSpan.FromTicks(1));
        await origin.Requests[0].Aborted.WithinSafetyAsync();
        var meanwhile = origin.Bus.Publish(Topic, SampleTypes.Delta);
        Assert.That(bus.FindTopic(Topic)!.Head.Sequence, Is.EqualTo(1), "What was read stays.");

        await using var again = await relay.OpenAsync();
        await using var reader = bus.SubscribeFrom(EventCursor.Start);
        Assert.That((await reader.NextAsync(2)).Select(static item => item.Sequence), Is.EqualTo([1, meanwhile.Sequence]));
        Assert.That(origin.Requests[1].LastEventId, Does.EndWith("-1"));
    }

    [Test]
    public async Task A_timer_that_rings_early_does_not_leave_it_read_for_ever()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        var clock = new HastyTimeProvider();
        await using var relay = Relays.Create(bus, origin.Template, clock: clock);
        await (await relay.OpenAsync()).DisposeAsync();
        clock.Advance(s_idle - HastyTimeProvider.Haste);
        Assert.That(relay.TopicCount, Is.EqualTo(1), "It is not the time yet.");
        clock.Advance(HastyTimeProvider.Haste);
        await origin.Requests[0].Aborted.WithinSafetyAsync();
    }

    [Test]
    public async Task With_no_idle_time_it_is_read_no_more_at_once()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template, static options => options.IdleTimeout = TimeSpan.Zero);
        for (var i = 0; i < 20; i++)
        {
            await using var opening = await relay.OpenAsync();
            Assert.That(opening.Status, Is.EqualTo(TopicOpeningStatus.Open));
        }

        await origin.Requests[^1].Aborted.WithinSafetyAsync();
    }

    [Test]
    public async Task A_topic_that_has_begun_anew_meanwhile_begins_anew_here()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template, static options => options.IdleTimeout = TimeSpan.Zero);
        await (await relay.OpenAsync()).DisposeAsync();
        await using var reader = bus.SubscribeFrom(null);
        origin.Bus.CloseTopic(Topic);
        var anew = origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var again = await relay.OpenAsync();
        Assert.That(bus.FindTopic(Topic)!.Head, Is.EqualTo(anew.Cursor));
        Assert.That(await reader.Completion.WithinSafetyAsync(), Is.EqualTo(EndReason.TopicRestarted));
    }

    [Test]
    public async Task When_the_upstream_is_away_by_then_what_is_here_can_be_watched()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        var clock = new ManualTimeProvider();
        await using var relay = Relays.Create(bus, origin.Template, static options => options.IdleTimeout = TimeSpan.Zero, clock);
        await (await relay.OpenAsync()).DisposeAsync();
        origin.Answer(Answers.Silence);
        var opening = relay.OpenAsync();
        await origin.UntilRequestedAsync(2);
        clock.Advance(TimeSpan.FromMinutes(1));
        await using var opened = await opening;
        Assert.That(opened.Status, Is.EqualTo(TopicOpeningStatus.Open));
        origin.GoAway();
        await using var reader = bus.SubscribeFrom(null);
        Assert.That((await reader.NextUpstreamAsync(UpstreamStatus.Reconnecting)).Upstream, Is.EqualTo(origin.Host.Address.Authority));
        origin.ComeBack();
        await reader.NextUpstreamAsync(UpstreamStatus.Connected);
    }

    [Test]
    public async Task Viewers_that_come_and_go_all_at_once_all_get_the_topic()
    {
        await using var origin = await Upstream.StartAsync();
        origin.Bus.Publish(Topic, SampleTypes.Delta);
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template, static options => options.IdleTimeout = TimeSpan.Zero);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                await using var opening = await relay.OpenAsync();
                Assert.That(opening.Status, Is.EqualTo(TopicOpeningStatus.Open));
                await using var reader = bus.SubscribeFrom(EventCursor.Start);
                Assert.That((await reader.NextAsync()).Sequence, Is.EqualTo(1));
            }
        })));
        await origin.Requests[^1].Aborted.WithinSafetyAsync();
    }
}
