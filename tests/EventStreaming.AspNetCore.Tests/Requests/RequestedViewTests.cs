using System.Net;
using EventStreaming.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Requests;

internal sealed class RequestedViewTests
{
    private const string Topic = "session-1";

    private StreamHost _host = null!; // Set before each test.

    [SetUp]
    public async Task StartAsync()
    {
        _host = await StreamHost.StartAsync(static app =>
        {
            app.MapEventStream(StreamHost.Pattern);
            app.MapEventSocket(SocketClient.Path);
        });
        _host.Bus.Publish(Topic, SampleTypes.Iteration, 1);
        _host.Bus.Publish(Topic, SampleTypes.Delta, 2);
        _host.Bus.Publish(Topic, new EventDraft(SampleTypes.Delta, 3) { Source = "worker:1" });
        _host.Bus.Publish(Topic, SampleTypes.Delta, 4);
    }

    [TearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [TestCase("", new[] { 2, 4, 5 })]
    [TestCase("?from=start", new[] { 1, 2, 4, 5 })]
    [TestCase("?from=start&workers=all", new[] { 1, 2, 3, 4, 5 })]
    [TestCase("?workers=all", new[] { 2, 3, 4, 5 })]
    [TestCase("?from=end", new[] { 5 })]
    [TestCase("?from=start&last_event_id={2}", new[] { 4, 5 })]
    public async Task A_client_says_where_to_begin_and_whether_it_wants_workers(string query, int[] expected)
    {
        var second = _host.Bus.FindTopic(Topic)!.Head;
        using var stream = await _host.OpenAsync(StreamHost.PathOf(Topic, query.Replace("{2}", $"{second.EpochToken}-2", StringComparison.Ordinal)));
        Assert.That((await stream.NextEventAsync()).Event, Is.EqualTo("stream.open"));
        _host.Bus.Publish(Topic, SampleTypes.Delta, 5);
        Assert.That((await stream.NextEventsAsync(expected.Length)).Select(static frame => frame.Payload.GetInt32()), Is.EqualTo(expected));
    }

    [Test]
    public async Task So_does_one_on_a_socket()
    {
        using var client = await SocketClient.ConnectAsync(_host);
        await client.SubscribeAsync(Topic, more: ""","from":"start","workers":"all" """);
        Assert.That((await client.NextEventAsync()).EventType(), Is.EqualTo("stream.open"));
        for (var number = 1; number <= 4; number++)
        {
            Assert.That((await client.NextEventAsync()).Data().GetInt32(), Is.EqualTo(number));
        }
    }

    [TestCase("?from=middle", "'start' or 'end'")]
    [TestCase("?workers=some", "'all'")]
    [TestCase("?from=start&from=start", "'start' or 'end'")]
    public async Task What_it_cannot_begin_from_or_want_is_refused_and_says_what_it_can(string query, string remedy)
    {
        var problem = await _host.RefusedAsync(StreamHost.PathOf(Topic, query), HttpStatusCode.BadRequest);
        Assert.That(problem.Detail(), Does.Contain(remedy));
    }

    [TestCase(""","from":"middle" """)]
    [TestCase(""","workers":"some" """)]
    public async Task A_socket_refuses_it_too(string more)
    {
        using var client = await SocketClient.ConnectAsync(_host);
        var reply = await client.SubscribeAsync(Topic, more: more);
        Assert.That((reply.Reply(), reply.Status()), Is.EqualTo(("error", 400)));
    }
}
