using System.Net.WebSockets;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sockets;

internal sealed class EndTests
{
    private const string Topic = "session-1";

    [Test]
    public async Task A_stop_with_a_hundred_sockets_ends_each_topic_and_then_each_socket_as_going_away()
    {
        const int Count = 100;
        await using var host = await SocketMessages.StartAsync();
        host.Bus.Publish("a", SampleTypes.Iteration);
        host.Bus.Publish("b", SampleTypes.Iteration);
        var clients = new List<SocketClient>();
        for (var i = 0; i < Count; i++)
        {
            clients.Add(await SocketClient.ConnectAsync(host));
            await clients[i].SubscribeAsync("a");
            await clients[i].SubscribeAsync("b");
        }

        using var idle = await SocketClient.ConnectAsync(host);
        var last = host.Bus.Publish("a", SampleTypes.Delta, "last words");
        var stop = host.StopAsync();
        foreach (var client in clients)
        {
            var rest = (await client.ReadToCloseAsync()).ToLookup(static message => message.Topic(), StringComparer.Ordinal);
            Assert.That(rest["a"].Select(static message => message.EventType()).TakeLast(2), Is.EqualTo([SampleTypes.Delta, "stream.end"]));
            Assert.That(rest["a"].Last().Data().GetRawText(), Is.EqualTo($$"""{"reason":"hostStopping","cursor":"{{last.Cursor}}"}"""));
            Assert.That(rest["b"].Last().EventType(), Is.EqualTo("stream.end"));
            Assert.That(client.Code, Is.EqualTo(1001));
            client.Dispose();
        }

        Assert.That((await idle.ReadToCloseAsync(), idle.Code), Is.EqualTo((Array.Empty<System.Text.Json.JsonElement>(), 1001)));
        await stop.WithinSafetyAsync();
        Assert.That((host.Limits.Count, host.Limits.Topics.KeyCount, host.Bus.SubscriptionCount), Is.EqualTo((0, 0, 0)));
    }

    [Test]
    public async Task A_stop_waits_for_no_client_that_has_stopped_reading_or_does_not_answer_the_close([Values] bool isStalled)
    {
        await using var host = await StalledAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var client = await StalledClients.ConnectSocketAsync(host, Topic);
        if (isStalled)
        {
            StalledClients.Flood(host.Bus, Topic);
        }

        await host.StopAsync().WithinSafetyAsync();
        Assert.That(host.Log.Of(2111).Single().Message, Does.Contain("1001"));
        Assert.That(host.Limits.Count, Is.Zero);
    }

    [Test]
    public async Task A_client_that_stops_reading_is_cut_off_at_the_write_deadline_and_disturbs_no_other()
    {
        var clock = new ManualTimeProvider();
        await using var host = await StalledAsync(clock);
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var stalled = await StalledClients.ConnectSocketAsync(host, Topic);
        using var healthy = await SocketClient.ConnectAsync(host);
        await healthy.SubscribeAsync(Topic);
        await healthy.NextEventAsync();
        StalledClients.Flood(host.Bus, Topic);
        Assert.That((await healthy.NextEventsAsync(40)).Select(static message => message.EventType()), Is.All.EqualTo(SampleTypes.Asked));
        await clock.AdvanceUntilAsync(TimeSpan.FromSeconds(10), host.Log.UntilAsync(2111));

        Assert.That(host.Log.Of(2111).Single().Message, Does.Contain("closed with 1013"));
        Assert.That(host.Log.Of(2114).Single().Message, Does.Contain("SlowConsumer"));
        await stalled.ReadToCutAsync();
        await Places.UntilAsync(host.Limits, 1);
        host.Bus.Publish(Topic, SampleTypes.Delta, "after");
        Assert.That((await healthy.NextEventAsync()).Data().GetString(), Is.EqualTo("after"));
    }

    [Test]
    public async Task A_client_that_asks_and_does_not_read_the_answers_is_cut_off_too()
    {
        var clock = new ManualTimeProvider();
        await using var host = await StalledAsync(clock);
        using var client = await SocketClient.ConnectAsync(host);
        using var gone = new CancellationTokenSource();
        var asking = Task.Run(async () =>
        {
            // Its answers fill every buffer on the way, then the server reads no more of it.
            while (true)
            {
                await client.Socket.SendAsync("""{"action":"unsubscribe","topic":"a"}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, gone.Token);
            }
        });
        await clock.AdvanceUntilAsync(TimeSpan.FromMilliseconds(1), host.Log.UntilAsync(2111));
        await gone.CancelAsync();

        Assert.That(host.Log.Of(2111).Single().Message, Does.Contain("closed with 1013"));
        Assert.That(async () => await asking, Throws.Exception);
    }

    [Test]
    public async Task A_client_that_goes_gives_back_its_places([Values] bool byReset)
    {
        await using var host = await SocketMessages.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var client = await StalledClients.ConnectSocketAsync(host, Topic);
        Assert.That((host.Limits.Count, host.Limits.Topics.KeyCount, host.Bus.SubscriptionCount), Is.EqualTo((1, 1, 1)));
        if (byReset)
        {
            client.Reset();
        }
        else
        {
            client.Dispose();
        }

        await Places.UntilAsync(host.Limits, 0);
        Assert.That((host.Limits.Topics.KeyCount, host.Bus.SubscriptionCount), Is.EqualTo((0, 0)));
        Assert.That(host.Log.Of(2114).Single().Message, Does.Contain("TransportClosed"));
    }

    [Test]
    public async Task A_clients_close_is_answered()
    {
        await using var host = await SocketMessages.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var client = await SocketClient.ConnectAsync(host);
        await client.SubscribeAsync(Topic);
        await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None).WithinSafetyAsync();

        Assert.That((client.Socket.State, client.Code), Is.EqualTo((WebSocketState.Closed, 1000)));
        await Places.UntilAsync(host.Limits, 0);
        Assert.That(host.Bus.SubscriptionCount, Is.Zero);
    }

    [Test]
    public async Task A_peer_that_answers_no_ping_is_given_up()
    {
        await using var host = await SocketMessages.StartAsync(static options => options.KeepAliveInterval = options.KeepAliveTimeout = TimeSpan.FromMilliseconds(100));
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var client = await StalledClients.ConnectSocketAsync(host, Topic);

        await client.ReadToCutAsync();
        await Places.UntilAsync(host.Limits, 0);
        Assert.That(host.Bus.SubscriptionCount, Is.Zero);
    }

    [Test]
    public async Task A_failure_of_the_hosts_own_code_closes_the_socket_and_its_text_stays_in_the_log()
    {
        await using var host = await SocketMessages.StartAsync(static options => options.ConfigureSubscription = static (_, subscription) => subscription.Topic = "confidential");
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var client = await SocketClient.ConnectAsync(host);
        await client.SendAsync($$"""{"action":"subscribe","topic":"{{Topic}}"}""");
        var rest = await client.ReadToCloseAsync();

        Assert.That((rest.Count, client.Code, client.Socket.CloseStatusDescription), Is.EqualTo((0, 1011, SocketClose.Failed.Description)));
        Assert.That(host.Log.Of(2117).Single().Exception, Is.TypeOf<InvalidOperationException>());
        await Places.UntilAsync(host.Limits, 0);
        Assert.That(host.Limits.Topics.KeyCount, Is.Zero);
    }

    [TestCase(typeof(ObjectDisposedException))]
    [TestCase(typeof(TaskCanceledException))]
    [TestCase(typeof(IOException))]
    public async Task A_failure_of_the_hosts_own_code_is_not_taken_for_the_bus_s_end_or_the_client_s(Type failure)
    {
        await using var host = await SocketMessages.StartAsync(
            options => options.ConfigureSubscription = (_, _) => throw (Exception)Activator.CreateInstance(failure, "the host's own")!);
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var client = await SocketClient.ConnectAsync(host);
        await client.SendAsync($$"""{"action":"subscribe","topic":"{{Topic}}"}""");
        await client.ReadToCloseAsync();

        Assert.That(client.Code, Is.EqualTo(1011));
        Assert.That(host.Log.Of(2117).Single().Exception, Is.TypeOf(failure));
        await Places.UntilAsync(host.Limits, 0);
    }

    private static Task<StreamHost> StalledAsync(TimeProvider? clock = null) =>
        StalledClients.StartAsync(clock, static app => app.MapEventSocket(SocketClient.Path));
}
