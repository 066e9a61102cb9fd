using System.Net;
using System.Text.Json.Serialization;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sockets;

internal sealed partial class LiveTests
{
    [Test]
    public async Task A_topic_is_read_in_a_few_lines_and_its_socket_is_closed_at_its_end()
    {
        await using var host = await SocketHost.StartAsync();
        host.Bus.Publish("session-1", SampleTypes.Delta, "hello");
        var stream = SocketClients.Create().ReadAsync(host.Uri, "session-1");
        var seen = new List<string>();
        await ReadAsync().WithinSafetyAsync();

        Assert.That(seen, Is.EqualTo(["stream.open", SampleTypes.Delta, SampleTypes.Completed, "stream.end"]));
        Assert.That(stream.State, Is.EqualTo(new ConnectionState(ConnectionStatus.Ended, Reason: EndReason.Completed)));
        Assert.That((stream.Delivered, stream.Duplicates, stream.Reconnects), Is.EqualTo((4, 0, 0)));
        Assert.That(host.Handshakes, Is.EqualTo(1));

        async Task ReadAsync()
        {
            await foreach (var item in stream)
            {
                seen.Add(item.Type);
                if (item.Type is SampleTypes.Delta)
                {
                    host.Bus.Publish("session-1", SampleTypes.Completed);
                }
            }
        }
    }

    [Test]
    public async Task One_socket_carries_many_topics_and_each_reader_gets_its_own()
    {
        const int Topics = 20;
        const int Events = 200;
        await using var host = await SocketHost.StartAsync();
        await using var connection = SocketClients.Connect(host.Uri);
        for (var topic = 0; topic < Topics; topic++)
        {
            host.Bus.Publish($"t{topic}", SampleTypes.Iteration);
        }

        var reading = Enumerable.Range(0, Topics).Select(topic => connection.ReadAsync($"t{topic}").ToListAsync()).ToList();
        for (var number = 0; number < Events; number++)
        {
            for (var topic = 0; topic < Topics; topic++)
            {
                host.Bus.Publish($"t{topic}", SampleTypes.Delta, number);
            }
        }

        for (var topic = 0; topic < Topics; topic++)
        {
            host.Bus.Publish($"t{topic}", SampleTypes.Completed);
        }

        for (var topic = 0; topic < Topics; topic++)
        {
            var events = (await reading[topic]).Where(static item => item.Type is SampleTypes.Delta).ToList();
            Assert.That(events.Select(static item => item.Topic), Is.All.EqualTo($"t{topic}"));
            Assert.That(events.Select(static item => item.Data!.ToString()), Is.EqualTo(Enumerable.Range(0, Events).Select(static number => $"{number}")));
        }

        Assert.That(host.Handshakes, Is.EqualTo(1));
        Assert.That(connection.State.Status, Is.EqualTo(ConnectionStatus.Connected), "It stays for the topics to come.");
    }

    [Test]
    public async Task Over_HTTP_2_sockets_share_a_connection()
    {
        await using var host = await SocketHost.StartAsync(protocols: HttpProtocols.Http2);
        host.Bus.Publish("a", SampleTypes.Delta, 1);
        var client = SocketClients.Create(static options => options.ConfigureSocket = static (socket, _) =>
        {
            (socket.HttpVersion, socket.HttpVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            return ValueTask.CompletedTask;
        });
        await using var first = client.Connect(host.Uri);
        await using var second = client.Connect(host.Uri);
        foreach (var connection in new[] { first, second })
        {
            await using var events = connection.ReadAsync("a").GetAsyncEnumerator();
            Assert.That((await events.NextPublishedAsync()).Data!.ToString(), Is.EqualTo("1"));
        }
    }

    [Test]
    public async Task Payloads_are_of_the_types_that_the_catalog_declares_and_the_server_is_asked_for_those_alone()
    {
        await using var host = await SocketHost.StartAsync();
        await using var connection = SocketClients.Connect(host.Uri, static options => options.Catalog = new EventCatalog(
            new EventTypeDescriptor<string>(SampleTypes.Delta, LiveJsonContext.Default.String)));
        host.Bus.Publish("a", SampleTypes.Asked, "not asked for");
        host.Bus.Publish("a", SampleTypes.Delta, "text");
        await using var events = connection.ReadAsync("a", [SampleTypes.Delta, SampleTypes.Iteration]).GetAsyncEnumerator();
        var item = await events.NextPublishedAsync();

        Assert.That((item.Type, item.Data, item.Topic, item.Sequence), Is.EqualTo((SampleTypes.Delta, "text", "a", 2)));
    }

    [Test]
    public async Task A_topic_that_was_left_can_be_read_again_from_where_it_was_left_and_none_twice_at_a_time()
    {
        await using var host = await SocketHost.StartAsync();
        await using var connection = SocketClients.Connect(host.Uri);
        host.Bus.Publish("a", SampleTypes.Delta, 1);
        EventCursor cursor;
        await using (var events = connection.ReadAsync("a").GetAsyncEnumerator())
        {
            cursor = (await events.NextPublishedAsync()).Cursor;
            Assert.That(connection.ReadAsync("a").ToListAsync, Throws.InvalidOperationException.With.Message.Contains("'a'"));
        }

        var next = host.Bus.Publish("a", SampleTypes.Delta, 2).Cursor;
        await using var again = connection.ReadAsync("a", cursor: cursor).GetAsyncEnumerator();
        Assert.That((await again.NextAsync()).Data, Is.EqualTo(new StreamOpening(ResumeOutcome.Resumed, cursor.ToString(), Head: next.ToString())));
        Assert.That((await again.NextAsync()).Data!.ToString(), Is.EqualTo("2"));
        Assert.That(host.Handshakes, Is.EqualTo(1));
    }

    [Test]
    public void What_cannot_be_asked_for_is_refused_at_once()
    {
        var connection = SocketClients.Connect(new Uri("ws://localhost/ws"));
        Assert.That(() => connection.ReadAsync("\n"), Throws.ArgumentException.With.Message.Contains("control character"));
        Assert.That(() => connection.ReadAsync(""), Throws.ArgumentException);
        Assert.That(() => connection.ReadAsync("a", cursor: default(EventCursor)), Throws.ArgumentException);
        Assert.That(connection.State.Status, Is.EqualTo(ConnectionStatus.Idle));
    }

    [JsonSerializable(typeof(string))]
    private sealed partial class LiveJsonContext : JsonSerializerContext;
}
