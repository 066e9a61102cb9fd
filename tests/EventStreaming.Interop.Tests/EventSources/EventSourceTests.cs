using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Interop.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.EventSources;

/// <summary>What every EventSource must get from us, whoever wrote it.</summary>
internal abstract class EventSourceTests
{
    private Door _door = null!; // Set before each test.
    private int _port;
    private StreamHost _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        (_door, _port) = (new Door(), FreePort.Find());
        _host = await StartAsync(_door);
        Site.Publish(_host, SampleTypes.Iteration, 0);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _door.Open();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task Named_events_arrive_with_their_ids_each_before_the_next_is_published()
    {
        await using var watcher = await WatchAsync();
        Assert.That((await watcher.NextAsync()).Kind, Is.EqualTo("open"));
        Assert.That((await watcher.NextAsync()).Type, Is.EqualTo("stream.open"));
        foreach (var type in new[] { SampleTypes.Delta, SampleTypes.Iteration, SampleTypes.Asked })
        {
            var text = type + ": \u00e4\u20ac\U0001F600\r\n\"quoted\"";
            var published = _host.Bus.Publish(Site.Topic, type, text);
            var seen = await watcher.NextAsync();
            Assert.That((seen.Type, seen.Id, seen.Payload.GetString()), Is.EqualTo((type, published.Cursor.ToString(), text)));
        }
    }

    [Test]
    public async Task A_connection_that_broke_is_resumed_behind_the_last_event_seen()
    {
        await using var watcher = await WatchAsync();
        await watcher.NextEventAsync();
        var last = Site.Publish(_host, SampleTypes.Delta, 1)[0];
        await watcher.NextEventAsync();
        _door.Close();
        await watcher.UntilAsync(Seen.Connecting);
        var missed = Site.Publish(_host, SampleTypes.Iteration, 2, 3, 4);
        _door.Open();
        var events = await watcher.NextEventsAsync(4);

        Assert.That(events[0].Payload.GetProperty("outcome").GetString(), Is.EqualTo("resumed"));
        Assert.That(events.Skip(1).Select(static seen => seen.Id), Is.EqualTo(missed));
        Assert.That(_door.Visits.Select(static visit => visit.LastEventId).Distinct(StringComparer.Ordinal), Is.EqualTo(["", last]));
    }

    [Test]
    public async Task What_history_no_longer_holds_is_seen_as_a_gap_in_its_place()
    {
        await using var watcher = await WatchAsync();
        await watcher.NextEventAsync();
        Site.Publish(_host, SampleTypes.Delta, 1);
        await watcher.NextEventAsync();
        _door.Close();
        await watcher.UntilAsync(Seen.Connecting);
        var missed = Site.Publish(_host, SampleTypes.Delta, Enumerable.Range(2, 10));
        _door.Open();
        var events = await watcher.NextEventsAsync(6);

        Assert.That(events.Select(static seen => seen.Type), Is.EqualTo(["stream.open", "stream.gap", .. Enumerable.Repeat(SampleTypes.Delta, 4)]));
        Assert.That(events[1].Payload.GetRawText(), Is.EqualTo("""{"from":3,"to":8,"count":6,"reason":"evicted"}"""));
        Assert.That(events.Skip(1).Select(static seen => seen.Id), Is.EqualTo(missed[5..]));
    }

    [Test]
    public async Task A_server_that_was_stopped_and_has_started_anew_says_that_the_old_ids_are_of_another_epoch()
    {
        await using var watcher = await WatchAsync();
        var before = Site.Publish(_host, SampleTypes.Delta, 1)[0];
        while (await watcher.NextEventAsync() is { Type: not SampleTypes.Delta })
        {
            // It opens first.
        }

        await _host.DisposeAsync();
        await watcher.UntilAsync(Seen.Connecting);
        var door = new Door(isOpen: false);
        _host = await StartAsync(door);
        var after = Site.Publish(_host, SampleTypes.Delta, 2)[0];
        door.Open();
        var open = await watcher.NextEventAsync();
        var next = await watcher.NextEventAsync();

        Assert.That(open.Payload.GetProperty("outcome").GetString(), Is.EqualTo("epochChanged"));
        Assert.That((next.Id, next.Payload.GetInt32()), Is.EqualTo((after, 2)));
        Assert.That(door.Visits[0].LastEventId, Is.EqualTo(before));
    }

    [Test]
    public async Task A_topic_that_is_over_is_left_alone_for_good()
    {
        await using var watcher = await WatchAsync();
        await watcher.NextEventAsync();
        var last = Site.Publish(_host, SampleTypes.Completed, 1)[0];
        var events = await watcher.NextEventsAsync(2);
        Assert.That(events.Select(static seen => (seen.Type, seen.Id)), Is.EqualTo([(SampleTypes.Completed, last), ("stream.end", last)]));

        Assert.That((await watcher.NextAsync()).ReadyState, Is.EqualTo(Seen.Connecting), "An end is a break, until it comes back and gets 204.");
        Assert.That((await watcher.NextAsync()).ReadyState, Is.EqualTo(Seen.Closed));
        Assert.That(_door.Visits.Select(static visit => visit.LastEventId), Is.EqualTo(["", last]));
    }

    /// <summary>Watches with the client that is tested.</summary>
    /// <param name="page">The host of the page, where there is one.</param>
    /// <param name="stream">What to watch.</param>
    protected abstract Task<Watcher> WatchAsync(Uri page, Uri stream);

    private Task<Watcher> WatchAsync() => WatchAsync(_host.Address, Site.StreamOf(_host));

    private Task<StreamHost> StartAsync(Door door) => Site.StartAsync(door, _port, configure: static builder =>
        builder.Services.Configure<EventStreamingOptions>(static options => (options.History.Capacity, options.History.CriticalCapacity) = (4, 0)));
}
