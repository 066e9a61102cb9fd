using System.Text.Json.Serialization;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Relay;

internal sealed class RefusedEventTests
{
    private const string Topic = Relays.Topic;

    [Test]
    public async Task An_event_that_is_too_large_for_the_bus_is_a_gap()
    {
        await using var origin = await Upstream.StartAsync();
        PublishThree(origin.Bus);
        await using var bus = Relays.CreateBus(static options => options.MaxEventBytes = 1_024);
        var log = new LogRecorder();
        await using var relay = Relays.Create(bus, origin.Template, log: log);
        await AssertGapAsync(relay, bus);
        Assert.That(log.Of(3114), Has.Count.EqualTo(1));
        Assert.That(origin.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_event_that_is_too_large_for_the_client_is_a_gap_and_the_next_one_comes()
    {
        await using var origin = await Upstream.StartAsync();
        PublishThree(origin.Bus);
        await using var bus = Relays.CreateBus();
        var log = new LogRecorder();
        await using var relay = Relays.Create(bus, origin.Template, log: log, client: static options =>
        {
            Relays.AtOnce(options);
            options.Reader.MaxEventBytes = 1_024;
        });
        await AssertGapAsync(relay, bus);
        Assert.That(log.Of(3115), Has.Count.EqualTo(1));
        Assert.That(origin.Requests[1].LastEventId, Does.EndWith("-2"));
    }

    [Test]
    public async Task An_event_that_the_declared_type_cannot_judge_is_a_gap()
    {
        var judged = new EventTypeDescriptor<UpstreamState>("judged", RefusedEventJsonContext.Default.UpstreamState) { TerminalWhen = static state => state.Upstream!.Length == 0 };
        await using var origin = await Upstream.StartAsync(answer: Answers.Open(
            Frames.Open("fresh"),
            Frames.Event(1),
            Frames.Event(2, "judged", """{"Status":0,"Since":"2026-01-01T00:00:00+00:00"}"""),
            Frames.Event(3)));
        await using var bus = new EventBus(new EventStreamingOptions(), new EventCatalog([judged]));
        var log = new LogRecorder();
        await using var relay = Relays.Create(bus, origin.Template, log: log);
        await AssertGapAsync(relay, bus);
        Assert.That(log.Of(3114), Has.Count.EqualTo(1));
        Assert.That(origin.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_server_of_events_that_are_all_too_large_is_given_up()
    {
        await using var origin = await Upstream.StartAsync(answer: Answers.Open(Frames.Open("resumed", 0), Frames.Event(1_000, data: "\"" + new string('x', 2_000) + "\"")));
        await using var bus = Relays.CreateBus();
        var log = new LogRecorder();
        await using var relay = Relays.Create(bus, origin.Template, log: log, client: static options => options.Reader.MaxEventBytes = 1_024);
        await using var opening = await relay.OpenAsync();
        await log.UntilAsync(3111);
        Assert.That(log.Of(3112), Has.Count.EqualTo(1));
        Assert.That(bus.FindTopic(Topic), Is.Null);
        Assert.That(origin.Requests, Has.Count.LessThan(100));
    }

    [TestCase(99, 4)]
    [TestCase(0, 3_000)]
    public async Task A_state_of_what_is_behind_the_upstream_that_cannot_be_told_is_left_out(int status, int length)
    {
        var state = $$"""{"status":{{status}},"since":"2026-01-01T00:00:00+00:00","upstream":"{{new string('x', length)}}"}""";
        var told = $$"""{"type":"stream.upstream","topic":"session-1","seq":0,"time":"2026-01-01T00:00:00+00:00","data":{{state}}}""";
        await using var origin = await Upstream.StartAsync(answer: Answers.Open(
            Frames.Open("fresh"), Frames.Event(1), $"event: stream.upstream\ndata: {told}\n\n", Frames.Event(2)));
        await using var bus = Relays.CreateBus();
        await using var relay = Relays.Create(bus, origin.Template);
        await using var opening = await relay.OpenAsync();
        await using var reader = bus.SubscribeFrom(EventCursor.Start);
        Assert.That((await reader.NextAsync(2)).Select(static item => item.Sequence), Is.EqualTo([1, 2]));
        Assert.That(origin.Requests, Has.Count.EqualTo(1));
    }

    private static void PublishThree(EventBus bus)
    {
        bus.Publish(Topic, SampleTypes.Delta);
        bus.Publish(Topic, SampleTypes.Delta, new string('x', 2_000));
        bus.Publish(Topic, SampleTypes.Delta);
    }

    private static async Task AssertGapAsync(EventRelay relay, EventBus bus)
    {
        await using var opening = await relay.OpenAsync();
        await using var reader = bus.SubscribeFrom(EventCursor.Start);
        Assert.That((await reader.NextAsync()).Sequence, Is.EqualTo(1));
        Assert.That((await reader.NextAsync()).Data, Is.EqualTo(new Gap(2, 2, 1, GapReason.Unencodable)));
        Assert.That((await reader.NextAsync()).Sequence, Is.EqualTo(3));
    }
}

[JsonSerializable(typeof(UpstreamState))]
internal sealed partial class RefusedEventJsonContext : JsonSerializerContext;
