using System.Net.WebSockets;
using System.Text.Json;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sockets;

internal sealed class SubscribeTests
{
    private const string Topic = "session-1";

    private static readonly string[] s_storm = ["subscribed", "unsubscribed", "error"];

    [Test]
    public async Task An_event_comes_with_its_topic_its_type_and_the_place_behind_it()
    {
        await using var host = await SocketMessages.StartAsync();
        var first = host.Bus.Publish(Topic, SampleTypes.Delta, "one");
        using var client = await SocketClient.ConnectAsync(host);
        var reply = await client.SubscribeAsync(Topic);
        var opening = await client.NextEventAsync();
        var message = await client.NextEventAsync();

        Assert.That(reply.GetRawText(), Is.EqualTo($$"""{"reply":"subscribed","topic":"{{Topic}}"}"""));
        Assert.That((opening.Topic(), opening.EventType(), opening.Data().Text("outcome")), Is.EqualTo((Topic, "stream.open", "fresh")));
        Assert.That((message.Topic(), message.EventType(), message.Text("cursor")), Is.EqualTo((Topic, SampleTypes.Delta, first.Cursor.ToString())));
        Assert.That((message.Data().GetString(), message.GetProperty("event").Text("topic")), Is.EqualTo(("one", Topic)));
    }

    [Test]
    public async Task One_socket_carries_many_topics_each_in_its_order_and_none_that_was_not_subscribed_to()
    {
        const int Topics = 50;
        await using var host = await SocketMessages.StartAsync();
        using var client = await SocketClient.ConnectAsync(host);
        host.Bus.Publish("other", SampleTypes.Delta, -1);
        for (var i = 0; i < Topics; i++)
        {
            host.Bus.Publish($"t{i}", SampleTypes.Iteration);
            Assert.That((await client.SubscribeAsync($"t{i}")).Reply(), Is.EqualTo("subscribed"));
        }

        for (var number = 0; number < 20; number++)
        {
            for (var i = 0; i < Topics; i++)
            {
                host.Bus.Publish($"t{i}", SampleTypes.Delta, number);
                host.Bus.Publish("other", SampleTypes.Delta, -1);
            }
        }

        var got = new List<JsonElement>();
        while (got.Count < Topics * 20)
        {
            var message = await client.NextEventAsync();
            if (message.EventType() is SampleTypes.Delta)
            {
                got.Add(message);
            }
        }

        var byTopic = got.GroupBy(static message => message.Topic(), StringComparer.Ordinal).ToList();
        Assert.That(byTopic, Has.Count.EqualTo(Topics));
        Assert.That(byTopic.Select(static topic => topic.Select(static message => message.Data().GetInt32())), Is.All.EqualTo(Enumerable.Range(0, 20)));
        Assert.That((host.Limits.Count, host.Limits.Topics.KeyCount), Is.EqualTo((1, Topics)), "One connection, and a place in each topic.");
    }

    [Test]
    public async Task Each_topic_resumes_from_its_own_cursor_and_anothers_is_unknown()
    {
        await using var host = await SocketMessages.StartAsync();
        var a = host.Bus.Publish("a", SampleTypes.Delta, 1).Cursor.ToString();
        var b = host.Bus.Publish("b", SampleTypes.Iteration).Cursor.ToString();
        host.Bus.Publish("a", SampleTypes.Iteration);
        host.Bus.Publish("b", SampleTypes.Iteration);
        using var client = await SocketClient.ConnectAsync(host);
        await client.SubscribeAsync("a", a);
        var fromA = await client.NextEventsAsync(2);
        await client.SubscribeAsync("b", b);
        var fromB = await client.NextEventsAsync(2);
        host.Bus.Publish("c", SampleTypes.Delta, "seen by newcomers");
        await client.SubscribeAsync("c", a);
        var fromC = await client.NextEventsAsync(2);

        Assert.That(new[] { fromA, fromB, fromC }.Select(static events => events[0].Data().Text("outcome")), Is.EqualTo(["resumed", "resumed", "unknown"]));
        Assert.That(fromA[1].GetProperty("event").GetProperty("seq").GetInt64(), Is.EqualTo(2));
        Assert.That(fromB[1].GetProperty("event").GetProperty("seq").GetInt64(), Is.EqualTo(2));
        Assert.That(fromC[1].Data().GetString(), Is.EqualTo("seen by newcomers"));
    }

    [Test]
    public async Task An_evicted_place_is_told_as_a_gap_before_the_first_event()
    {
        await using var host = await SocketMessages.StartAsync(services: static bus => bus.Services.Configure<EventStreamingOptions>(static options => options.History.Capacity = 4));
        var cursor = host.Bus.Publish(Topic, SampleTypes.Delta, 0).Cursor.ToString();
        for (var i = 1; i <= 20; i++)
        {
            host.Bus.Publish(Topic, SampleTypes.Delta, i);
        }

        using var client = await SocketClient.ConnectAsync(host);
        await client.SubscribeAsync(Topic, cursor);
        var events = await client.NextEventsAsync(3);

        Assert.That(events.Select(static message => message.EventType()), Is.EqualTo(["stream.open", "stream.gap", SampleTypes.Delta]));
    }

    [Test]
    public async Task Types_are_filtered_and_those_nobody_declares_are_named_or_refused()
    {
        await using var host = await SocketMessages.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta, 1);
        host.Bus.Publish(Topic, SampleTypes.Asked, 2);
        using var client = await SocketClient.ConnectAsync(host);
        var refused = await client.SubscribeAsync(Topic, more: ",\"types\":[\"nope\"]");
        var many = await client.SubscribeAsync(Topic, more: ",\"types\":[" + string.Join(',', Enumerable.Repeat("\"a\"", 65)) + "]");
        var accepted = await client.SubscribeAsync(Topic, more: $",\"types\":[\"{SampleTypes.Asked}\",\"nope\"]");
        var events = await client.NextEventsAsync(2);

        Assert.That((refused.Reply(), refused.Status(), refused.Topic(), refused.Text("action")), Is.EqualTo(("error", 400, Topic, "subscribe")));
        Assert.That(refused.GetProperty("unknownTypes")[0].GetString(), Is.EqualTo("nope"));
        Assert.That((many.Status(), many.Text("detail")), Is.EqualTo((400, "There are too many types: name at most 64, or none to get all.")));
        Assert.That(accepted.Reply(), Is.EqualTo("subscribed"));
        Assert.That(events[0].Data().GetProperty("ignoredTypes")[0].GetString(), Is.EqualTo("nope"));
        Assert.That(events[1].Data().GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_topic_is_subscribed_to_once_and_anew_when_it_was_unsubscribed_from()
    {
        await using var host = await SocketMessages.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Delta, 1);
        using var client = await SocketClient.ConnectAsync(host);
        await client.SubscribeAsync(Topic);
        var twice = await client.SubscribeAsync(Topic);
        await client.SendAsync($$"""{"action":"unsubscribe","topic":"{{Topic}}"}""");
        var gone = await client.NextReplyAsync();
        Assert.That((host.Bus.SubscriptionCount, host.Limits.Topics.KeyCount), Is.EqualTo((0, 0)));
        host.Bus.Publish(Topic, SampleTypes.Delta, 2);
        await client.SendAsync($$"""{"action":"unsubscribe","topic":"{{Topic}}"}""");
        var none = await client.NextMessageAsync();
        var anew = await client.SubscribeAsync(Topic);

        Assert.That((twice.Reply(), twice.Status(), twice.Topic()), Is.EqualTo(("error", 409, Topic)));
        Assert.That((gone.Reply(), gone.Topic()), Is.EqualTo(("unsubscribed", Topic)));
        Assert.That((none.Reply(), none.Status(), none.Text("action")), Is.EqualTo(("error", 404, "unsubscribe")), "And nothing of the topic came before it.");
        Assert.That(anew.Reply(), Is.EqualTo("subscribed"));
    }

    [Test]
    public async Task A_topics_end_is_told_and_leaves_the_socket_open_for_the_others()
    {
        await using var host = await SocketMessages.StartAsync();
        host.Bus.Publish("a", SampleTypes.Iteration);
        host.Bus.Publish("b", SampleTypes.Iteration);
        using var client = await SocketClient.ConnectAsync(host);
        await client.SubscribeAsync("a");
        await client.SubscribeAsync("b");
        await client.NextEventAsync();
        host.Bus.Publish("a", SampleTypes.Completed);
        JsonElement message;
        do
        {
            message = await client.NextEventAsync();
        }
        while (message.EventType() is not "stream.end");

        Assert.That((message.Topic(), message.Data().Text("reason")), Is.EqualTo(("a", "completed")));
        Assert.That((await client.SubscribeAsync("a")).Reply(), Is.EqualTo("subscribed"), "At once, whether the server has tidied up or not.");
        host.Bus.Publish("b", SampleTypes.Delta, "still there");
        while ((message = await client.NextEventAsync()).Topic() is not "b")
        {
            // The other's opening and end.
        }

        Assert.That(message.Data().GetString(), Is.EqualTo("still there"));
    }

    [Test]
    public async Task More_topics_than_a_socket_takes_are_refused_until_one_has_gone()
    {
        await using var host = await SocketMessages.StartAsync(static options => options.MaxTopics = 2);
        foreach (var topic in new[] { "a", "b", "c" })
        {
            host.Bus.Publish(topic, SampleTypes.Iteration);
        }

        using var client = await SocketClient.ConnectAsync(host);
        await client.SubscribeAsync("a");
        await client.SubscribeAsync("b");
        var refused = await client.SubscribeAsync("c");
        Assert.That((refused.Status(), refused.Text("limit")), Is.EqualTo((429, "socket")));
        await client.SendAsync("""{"action":"unsubscribe","topic":"a"}""");
        await client.NextReplyAsync();
        Assert.That((await client.SubscribeAsync("c")).Reply(), Is.EqualTo("subscribed"));
    }

    [Test]
    public async Task A_storm_of_subscribes_is_answered_one_by_one_and_leaves_nothing_behind()
    {
        await using var host = await SocketMessages.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using (var client = await SocketClient.ConnectAsync(host))
        {
            var sending = Task.Run(async () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    await client.SendAsync($$"""{"action":"subscribe","topic":"{{Topic}}"}""");
                    await client.SendAsync($$"""{"action":"unsubscribe","topic":"{{Topic}}"}""");
                    await client.SendAsync($$"""{"action":"subscribe","topic":"no-such-{{i}}"}""");
                }
            });
            var replies = new List<string>();
            while (replies.Count < 1_500)
            {
                replies.Add((await client.NextReplyAsync()).Reply());
            }

            await sending.WithinSafetyAsync();
            Assert.That(replies.Chunk(3), Is.All.EqualTo(s_storm));
            Assert.That((host.Bus.SubscriptionCount, host.Bus.Topics.Count, host.Limits.Count), Is.EqualTo((0, 1, 1)));
            await client.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WithinSafetyAsync();
        }

        await Places.UntilAsync(host.Limits, 0);
        Assert.That((host.Limits.Topics.KeyCount, host.Limits.Host.KeyCount), Is.EqualTo((0, 0)));
    }
}
