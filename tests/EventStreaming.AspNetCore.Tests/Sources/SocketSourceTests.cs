using System.Text.Json;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sources;

/// <summary>A socket one of whose topics takes long to be brought.</summary>
internal sealed class SocketSourceTests
{
    private const string Slow = "slow";
    private const string Here = "here";

    private TaskCompletionSource<TopicOpening> _answer = null!; // Set before each test.
    private TaskCompletionSource _asked = null!; // As above.
    private TaskCompletionSource _cancelled = null!; // As above.
    private StreamHost _host = null!; // As above.

    [SetUp]
    public async Task StartAsync()
    {
        _answer = new TaskCompletionSource<TopicOpening>(TaskCreationOptions.RunContinuationsAsynchronously);
        (_asked, _cancelled) = (Signals.Create(), Signals.Create());
        var source = new StubSource(async (request, cancellationToken) =>
        {
            if (request.Topic is Here)
            {
                return TopicOpening.NotMine;
            }

            _asked.TrySetResult();
            try
            {
                return await _answer.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                _cancelled.TrySetResult();
                throw;
            }
        });
        _host = await StreamHost.StartAsync(static app => app.MapEventSocket(SocketClient.Path), source.Add);
        _host.Bus.Publish(Here, SampleTypes.Delta, "here");
    }

    [TearDown]
    public async Task StopAsync()
    {
        _answer.TrySetResult(TopicOpening.NotFound);
        await _host.DisposeAsync();
    }

    [Test]
    public async Task A_topic_that_is_slow_to_come_holds_up_nothing_else()
    {
        using var client = await SocketClient.ConnectAsync(_host);
        await AskForSlowAsync(client);
        await client.SendAsync("""{"action":"ping"}""");
        Assert.That((await client.NextReplyAsync()).Reply(), Is.EqualTo("pong"));

        Assert.That((await client.SubscribeAsync(Here)).Reply(), Is.EqualTo("subscribed"));
        Assert.That((await client.NextEventAsync()).EventType(), Is.EqualTo("stream.open"));
        Assert.That((await client.NextEventAsync()).Data().GetString(), Is.EqualTo("here"));

        Assert.That((await client.SubscribeAsync(Slow)).Status(), Is.EqualTo(409), "it has been asked for");
        using var feed = _host.Bus.OpenFeed(Slow, new EventCursor("abc", 0));
        feed.TryAppend(new FedEvent(1, SampleTypes.Delta, "brought"));
        _answer.SetResult(TopicOpening.Opened([]));
        var reply = await client.NextReplyAsync();
        Assert.That((reply.Reply(), reply.Topic()), Is.EqualTo(("subscribed", Slow)));
        Assert.That((await client.NextEventAsync()).EventType(), Is.EqualTo("stream.open"));
        Assert.That((await client.NextEventAsync()).Data().GetString(), Is.EqualTo("brought"));
    }

    [Test]
    public async Task Who_unsubscribes_before_it_comes_waits_for_it_no_more_and_may_ask_again()
    {
        using var client = await SocketClient.ConnectAsync(_host);
        await AskForSlowAsync(client);
        await client.SendAsync($$"""{"action":"unsubscribe","topic":"{{Slow}}"}""");
        await _cancelled.Task.WithinSafetyAsync();
        var refused = await client.NextReplyAsync();
        Assert.That((refused.Reply(), refused.Text("action"), refused.Status()), Is.EqualTo(("error", "subscribe", 409)));
        Assert.That((await client.NextReplyAsync()).Reply(), Is.EqualTo("unsubscribed"));

        _answer.SetResult(TopicOpening.NotFound);
        Assert.That((await client.SubscribeAsync(Slow)).Status(), Is.EqualTo(404));
        Assert.That((await client.SubscribeAsync(Slow)).Status(), Is.EqualTo(404), "a refused one is on the socket no more");
    }

    [Test]
    public async Task A_stop_does_not_wait_for_it()
    {
        using var client = await SocketClient.ConnectAsync(_host);
        await AskForSlowAsync(client);
        var stopping = _host.StopAsync();
        Assert.That(await client.NextAsync(), Is.Null);
        Assert.That(client.Code, Is.EqualTo(1001));
        await _cancelled.Task.WithinSafetyAsync();
        await stopping.WithinSafetyAsync();
    }

    [Test]
    public async Task A_client_that_goes_meanwhile_is_not_waited_for()
    {
        var client = await SocketClient.ConnectAsync(_host);
        await AskForSlowAsync(client);
        client.Socket.Abort();
        client.Dispose();
        await _cancelled.Task.WithinSafetyAsync();
    }

    [Test]
    public async Task A_source_that_fails_closes_the_socket_and_its_text_stays_in_the_log()
    {
        using var client = await SocketClient.ConnectAsync(_host);
        await AskForSlowAsync(client);
        _answer.SetException(new IOException("A bug of the source."));
        Assert.That(await client.NextAsync(), Is.Null);
        Assert.That(client.Code, Is.EqualTo(1011));
        Assert.That(client.Socket.CloseStatusDescription, Does.Not.Contain("bug"));
    }

    private async Task AskForSlowAsync(SocketClient client)
    {
        await client.SendAsync($$"""{"action":"subscribe","topic":{{JsonSerializer.Serialize(Slow)}}}""");
        await _asked.Task.WithinSafetyAsync();
    }
}
