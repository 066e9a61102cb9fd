using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sse;

internal sealed class ResumeTests
{
    private const string Topic = "session-1";

    private StreamHost _host = null!; // Set before each test.

    [SetUp]
    public async Task StartAsync() => _host = await StreamHost.StartAsync(configure: static builder =>
        builder.Services.Configure<EventStreamingOptions>(static options => (options.History.Capacity, options.History.CriticalCapacity) = (4, 0)));

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [TestCase(null, "?last_event_id={2}")]
    [TestCase(null, "?lastEventId={2}")]
    [TestCase("{2}", "")]
    [TestCase("{2}", "?last_event_id={1}&lastEventId={1}")]
    [TestCase("", "?last_event_id={2}&lastEventId={1}")]
    public async Task A_cursor_in_header_or_query_brings_exactly_what_is_behind_it_and_the_header_wins(string? header, string query)
    {
        var ids = Publish(3, SampleTypes.Iteration);
        using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic, Fill(query)), header is null ? null : Fill(header));
        var frames = await stream.NextEventsAsync(2);

        Assert.That(frames.Select(static frame => frame.Id), Is.EqualTo(ids[1..]));
        Assert.That(frames[0].Payload.GetProperty("outcome").GetString(), Is.EqualTo("resumed"));

        string Fill(string text) => text.Replace("{1}", ids[0], StringComparison.Ordinal).Replace("{2}", ids[1], StringComparison.Ordinal);
    }

    [Test]
    public async Task What_history_no_longer_holds_is_told_in_its_place_as_a_gap_with_an_id()
    {
        var ids = Publish(10, SampleTypes.Delta);
        using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic), ids[1]);
        var frames = await stream.NextEventsAsync(6);

        Assert.That(frames.Select(static frame => frame.Event), Is.EqualTo(["stream.open", "stream.gap", .. Enumerable.Repeat(SampleTypes.Delta, 4)]));
        Assert.That(frames[1].Payload.GetRawText(), Is.EqualTo("""{"from":3,"to":6,"count":4,"reason":"evicted"}"""));
        Assert.That(frames.Skip(1).Select(static frame => frame.Id), Is.EqualTo(ids[5..]), "The gap can be resumed behind.");
    }

    [TestCase("garbage")]
    [TestCase("0")]
    [TestCase("start")]
    [TestCase("../../etc/passwd")]
    [TestCase("a-1\u00a0")]
    [TestCase("{long}")]
    [TestCase("{foreign}")]
    public async Task A_cursor_that_is_none_of_this_topics_is_no_error_but_unknown_and_brings_this_topics_fresh_replay(string text)
    {
        var ids = Publish(2, SampleTypes.Delta);
        Publish(1, SampleTypes.Iteration);
        var secret = _host.Bus.Publish("session-2", SampleTypes.Delta, "another's");
        var cursor = text.Replace("{long}", new string('a', 5_000), StringComparison.Ordinal).Replace("{foreign}", secret.Cursor.ToString(), StringComparison.Ordinal);
        using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic, "?last_event_id=" + Uri.EscapeDataString(cursor)));
        var frames = await stream.NextEventsAsync(3);

        Assert.That(frames[0].Payload.GetProperty("outcome").GetString(), Is.EqualTo("unknown"));
        Assert.That(frames.Skip(1).Select(static frame => frame.Id), Is.EqualTo(ids));
        var live = _host.Bus.Publish(Topic, SampleTypes.Delta);
        Assert.That((await stream.NextEventAsync()).Id, Is.EqualTo(live.Cursor.ToString()), "No event of another topic, and no lifecycle, was in between.");
    }

    [Test]
    public async Task A_header_of_more_than_a_cursor_is_unknown([Values("twice", "list", "tab")] string attack)
    {
        var ids = Publish(2, SampleTypes.Delta);
        IEnumerable<string> headers = attack switch
        {
            "twice" => [$"Last-Event-ID: {ids[0]}", $"Last-Event-ID: {ids[1]}"],
            "tab" => [$"Last-Event-ID: {ids[0]}\t{ids[1]}"],
            _ => [$"Last-Event-ID: {ids[0]}, {ids[1]}"],
        };
        using var client = await RawClient.SendAsync(_host.Address, [$"GET {StreamHost.PathOf(Topic)} HTTP/1.1", .. headers]);

        Assert.That(await client.ReadUntilAsync("\"seq\":2"), Does.Contain("\"outcome\":\"unknown\"").And.Contain($"id: {ids[0]}\n"));
    }

    [Test]
    public async Task Replay_brings_nothing_of_another_session_and_nothing_the_filter_holds_back()
    {
        var first = _host.Bus.Publish(Topic, SampleTypes.Iteration);
        _host.Bus.Publish("session-2", SampleTypes.Delta, "another's");
        _host.Bus.Publish(Topic, new EventDraft(SampleTypes.Delta, "noise") { Source = "worker:1" });
        _host.Bus.Publish(Topic, SampleTypes.Asked, "not asked for");
        _host.Bus.Publish(Topic, SampleTypes.Delta, "mine");
        foreach (var cursor in new[] { null, first.Cursor.ToString() })
        {
            using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic, $"?types={SampleTypes.Delta}"), cursor);
            Assert.That((await stream.NextEventsAsync(2))[1].Payload.GetString(), Is.EqualTo("mine"));
        }
    }

    [Test]
    public async Task A_stream_that_broke_goes_on_where_it_was_however_often_it_breaks()
    {
        var expected = Enumerable.Range(1, 30).ToArray();
        var seen = new List<int>();
        _host.Bus.Publish(Topic, SampleTypes.Iteration);
        string? last = null;
        foreach (var number in expected)
        {
            using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic), last);
            var open = await stream.NextEventAsync();
            Assert.That(stream.Status, Is.EqualTo(HttpStatusCode.OK));
            _host.Bus.Publish(Topic, SampleTypes.Delta, number);
            var frame = await stream.NextEventAsync();
            seen.Add(frame.Payload.GetInt32());
            last = frame.Id;
            Assert.That(open.Id, Is.Not.Null);
        }

        Assert.That(seen, Is.EqualTo(expected));
    }

    private string[] Publish(int count, string type) => [.. Enumerable.Range(0, count).Select(i => _host.Bus.Publish(Topic, type, i).Cursor.ToString())];
}
