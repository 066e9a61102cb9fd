using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Requests;

internal sealed class RequestedSnapshotTests
{
    private const string Topic = "session-1";
    private static readonly string s_path = StreamHost.PathOf(Topic, "?from=snapshot");

    private readonly StubSnapshots _snapshots = new();
    private StreamHost _host = null!; // Set before each test.

    [SetUp]
    public async Task StartAsync() => _host = await StreamHost.StartAsync(
        static app =>
        {
            app.MapEventStream(StreamHost.Pattern, static options =>
            {
                options.EnableSnapshots = true;
                options.ConfigureSubscription = static (_, subscription) => subscription.From = subscription.From is { } from && !from.IsStart ? from : null;
            });
            app.MapEventStream("/without/{topic}");
            app.MapEventSocket(SocketClient.Path, static options => options.EnableSnapshots = true);
        },
        _snapshots.Add);

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [Test]
    public async Task How_a_topic_stands_comes_behind_the_opening_with_its_place_and_then_what_follows()
    {
        _host.Bus.Publish(Topic, SampleTypes.Delta, 1);
        var known = _host.Bus.Publish(Topic, SampleTypes.Delta, 2);
        _host.Bus.Publish(Topic, SampleTypes.Delta, 3);
        _snapshots.Set(Topic, known.Cursor, "one and two");
        using var stream = await _host.OpenAsync(s_path);
        var frames = await stream.NextEventsAsync(3);

        Assert.That(frames.Select(static frame => frame.Event), Is.EqualTo(["stream.open", "test.snapshot", SampleTypes.Delta]));
        Assert.That((frames[1].Id, frames[1].Data), Is.EqualTo((known.Cursor.ToString(), $$"""{"type":"test.snapshot","topic":"{{Topic}}","seq":2,"time":"1970-01-01T00:00:00+00:00","data":"one and two"}""")));
        Assert.That(frames[2].Payload.GetInt32(), Is.EqualTo(3));

        using var again = await _host.OpenAsync(s_path, lastEventId: frames[1].Id);
        Assert.That((await again.NextEventsAsync(2)).Select(static frame => frame.Event), Is.EqualTo(["stream.open", SampleTypes.Delta]), "Who has been there resumes.");
    }

    [Test]
    public async Task A_topic_that_is_over_is_shown_once_and_then_there_is_nothing_left()
    {
        var end = _host.Bus.Publish(Topic, SampleTypes.Completed);
        _snapshots.Set(Topic, end.Cursor, "all of it");
        using var stream = await _host.OpenAsync(s_path);
        var frames = (await stream.ReadToEndAsync()).Where(static frame => frame.Data is not null).ToList();
        Assert.That(frames.Select(static frame => frame.Event), Is.EqualTo(["stream.open", "test.snapshot", "stream.end"]));

        using var again = await _host.OpenAsync(s_path, lastEventId: frames[^1].Id);
        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.NoContent));
    }

    [Test]
    public async Task Of_a_topic_of_which_nothing_is_known_the_viewer_gets_what_there_is()
    {
        _host.Bus.Publish(Topic, SampleTypes.Delta, 1);
        using var stream = await _host.OpenAsync(s_path);

        Assert.That((await stream.NextEventsAsync(2)).Select(static frame => frame.Event), Is.EqualTo(["stream.open", SampleTypes.Delta]));
    }

    [Test]
    public async Task How_an_earlier_life_of_the_topic_stood_is_not_shown()
    {
        _snapshots.Set(Topic, _host.Bus.Publish(Topic, SampleTypes.Delta, 1).Cursor, "old");
        _host.Bus.CloseTopic(Topic);
        _host.Bus.Publish(Topic, SampleTypes.Iteration, 2);
        using var stream = await _host.OpenAsync(s_path);
        var frames = await stream.NextEventsAsync(2);

        Assert.That(frames[0].Payload.GetProperty("outcome").GetString(), Is.EqualTo("epochChanged"));
        Assert.That(frames[1].Payload.GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task What_was_evicted_since_is_a_gap_behind_the_snapshot()
    {
        var known = _host.Bus.Publish(Topic, SampleTypes.Delta, 0);
        _snapshots.Set(Topic, known.Cursor, "the first");
        for (var i = 1; i <= 5_000; i++)
        {
            _host.Bus.Publish(Topic, SampleTypes.Delta, i);
        }

        using var stream = await _host.OpenAsync(s_path);
        Assert.That((await stream.NextEventsAsync(3)).Select(static frame => frame.Event), Is.EqualTo(["stream.open", "test.snapshot", "stream.gap"]));
    }

    [Test]
    public async Task A_socket_shows_it_too()
    {
        var known = _host.Bus.Publish(Topic, SampleTypes.Delta, 1);
        _host.Bus.Publish(Topic, SampleTypes.Delta, 2);
        _snapshots.Set(Topic, known.Cursor, "one");
        using var client = await SocketClient.ConnectAsync(_host);
        await client.SubscribeAsync(Topic, more: ""","from":"snapshot" """);
        var messages = await client.NextEventsAsync(3);

        Assert.That(messages.Select(static message => message.EventType()), Is.EqualTo(["stream.open", "test.snapshot", SampleTypes.Delta]));
        Assert.That((messages[1].Text("cursor"), messages[1].Data().GetString()), Is.EqualTo((known.Cursor.ToString(), "one")));
    }

    [Test]
    public async Task An_endpoint_that_does_not_enable_them_refuses_it()
    {
        _snapshots.Set(Topic, _host.Bus.Publish(Topic, SampleTypes.Delta, 1).Cursor, "secret");
        var problem = await _host.RefusedAsync($"/without/{Topic}?from=snapshot", HttpStatusCode.BadRequest);
        Assert.That(problem.Detail(), Does.Contain("'start' or 'end'"));

        var enabled = await _host.RefusedAsync(StreamHost.PathOf(Topic, "?from=nowhere"), HttpStatusCode.BadRequest);
        Assert.That(enabled.Detail(), Does.Contain("'start', 'snapshot' or 'end'"));
    }

    [Test]
    public async Task An_endpoint_cannot_enable_what_the_bus_does_not_have([Values] bool ofSocket)
    {
        Exception? thrown = null;
        await using var host = await StreamHost.StartAsync(app => thrown = Assert.Catch(() => _ = ofSocket
            ? app.MapEventSocket("/ws", static options => options.EnableSnapshots = true)
            : app.MapEventStream(StreamHost.Pattern, static options => options.EnableSnapshots = true)));

        Assert.That(thrown, Is.InstanceOf<InvalidOperationException>().With.Message.Contains("AddAgents()"));
    }
}
