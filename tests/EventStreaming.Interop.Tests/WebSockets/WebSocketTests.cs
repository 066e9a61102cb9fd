using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Interop.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Interop.Tests.WebSockets;

/// <summary>What every WebSocket must get from us, whoever wrote it.</summary>
internal abstract class WebSocketTests
{
    private const string Missing = "session-that-is-missing";
    private static readonly string[] s_topics = ["session-1", "session-2"];

    private Door _door = null!; // Set before each test.
    private int _port;
    private StreamHost _host = null!;

    [SetUp]
    public async Task StartAsync()
    {
        (_door, _port) = (new Door(), FreePort.Find());
        _host = await Site.StartAsync(_door, _port);
        PublishToBoth(0);
    }

    [TearDown]
    public async Task StopAsync()
    {
        _door.Open();
        await _host.DisposeAsync();
    }

    [Test]
    public async Task Events_of_several_topics_arrive_each_before_the_next_is_published()
    {
        await using var watcher = await WatchAsync([.. s_topics, Missing]);
        var refused = new List<Seen>();
        var events = new List<Seen>();
        while (events.Count < 4 || refused.Count < 1)
        {
            var seen = await watcher.NextAsync();
            (seen.Kind is "refused" ? refused : events).Add(seen);
            events.RemoveAll(static seen => seen.Kind is "open");
        }

        Assert.That(refused.Select(static seen => (seen.Topic, seen.Code)), Is.EqualTo([(Missing, 404)]));
        Assert.That(events.Select(static seen => (seen.Topic, seen.Type)), Is.EquivalentTo(
            s_topics.SelectMany(static topic => new[] { (topic, "stream.open"), (topic, SampleTypes.Delta) })));
        foreach (var topic in s_topics)
        {
            var text = topic + ": \u00e4\u20ac\U0001F600\r\n\"quoted\"";
            var published = _host.Bus.Publish(topic, SampleTypes.Asked, text);
            var seen = await watcher.NextEventAsync();
            Assert.That((seen.Topic, seen.Type, seen.Id, seen.Payload.GetString()), Is.EqualTo((topic, SampleTypes.Asked, published.Cursor.ToString(), text)));
        }
    }

    [Test]
    public async Task A_socket_that_broke_is_resumed_behind_the_last_event_of_each_topic()
    {
        await using var watcher = await WatchAsync(s_topics);
        await watcher.NextEventsAsync(4);
        _door.Close();
        while ((await watcher.NextAsync()).Kind is not "closed")
        {
            // It has not noticed yet.
        }

        PublishToBoth(1, 2, 3);
        _door.Open();
        var events = await watcher.NextEventsAsync(8);

        foreach (var topic in s_topics)
        {
            var own = events.Where(seen => string.Equals(seen.Topic, topic, StringComparison.Ordinal)).ToList();
            Assert.That(own[0].Payload.GetProperty("outcome").GetString(), Is.EqualTo("resumed"));
            Assert.That(own.Skip(1).Select(static seen => seen.Payload.GetInt32()), Is.EqualTo([1, 2, 3]));
        }
    }

    [Test]
    public async Task A_host_that_stops_says_so_and_one_that_started_anew_is_found()
    {
        await using var watcher = await WatchAsync(s_topics);
        await watcher.NextEventsAsync(4);
        await _host.DisposeAsync();
        var ends = await watcher.NextEventsAsync(2);
        Assert.That(ends.Select(static seen => (seen.Type, seen.Payload.GetProperty("reason").GetString())), Is.All.EqualTo(("stream.end", "hostStopping")));
        var closed = await watcher.NextAsync();
        Assert.That((closed.Kind, closed.Code), Is.EqualTo(("closed", 1001)));

        var door = new Door(isOpen: false);
        _host = await Site.StartAsync(door, _port);
        PublishToBoth(1);
        door.Open();
        var events = await watcher.NextEventsAsync(4);

        Assert.That(events.Where(static seen => seen.Type is "stream.open").Select(static seen => seen.Payload.GetProperty("outcome").GetString()), Is.EqualTo(["epochChanged", "epochChanged"]));
        Assert.That(events.Where(static seen => seen.Type is SampleTypes.Delta).Select(static seen => seen.Payload.GetInt32()), Is.EqualTo([1, 1]));
    }

    /// <summary>Watches with the client that is tested.</summary>
    /// <param name="page">The host of the page, where there is one.</param>
    /// <param name="socket">The socket.</param>
    /// <param name="topics">What to watch.</param>
    protected abstract Task<Watcher> WatchAsync(Uri page, Uri socket, string[] topics);

    private Task<Watcher> WatchAsync(string[] topics) => WatchAsync(_host.Address, Site.SocketOf(_host), topics);

    private void PublishToBoth(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            foreach (var topic in s_topics)
            {
                _host.Bus.Publish(topic, SampleTypes.Delta, number);
            }
        }
    }
}
