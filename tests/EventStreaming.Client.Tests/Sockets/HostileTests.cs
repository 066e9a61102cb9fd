using System.Net.WebSockets;
using EventStreaming.Client.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Sockets;

internal sealed class HostileTests
{
    [TestCase("")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"topic":""")]
    [TestCase("""{"topic":1}""")]
    [TestCase("""{"topic":"a"}{}""")]
    [TestCase("""{"topic":"\ud800"}""")]
    [TestCase("""{"reply":"error","status":400,"detail":"The message's 'action' is unknown."}""")]
    [TestCase("""{"reply":"error","status":"400"}""")]
    public async Task What_no_event_socket_sends_ends_the_connection(string message)
    {
        var closed = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StreamServer.StartAsync(SocketPeer.Answer(async peer =>
        {
            await peer.SubscribedAsync(message);
            closed.SetResult(await peer.ReadToCloseAsync());
        }));
        await using var connection = SocketClients.Connect(server.Uri);

        Assert.That(connection.ReadAsync("a").ToListAsync, Throws.TypeOf<EventStreamException>().With.Message.Contains("no event socket"));
        Assert.That(await closed.Task.WithinSafetyAsync(), Is.AnyOf(1000, 1007));
    }

    [Test]
    public async Task A_binary_message_ends_the_connection()
    {
        await using var server = await StreamServer.StartAsync(SocketPeer.Answer(static async peer =>
        {
            await peer.SubscribedAsync();
            await peer.Socket.SendAsync(new byte[] { 1, 2, 3 }, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }));
        await using var connection = SocketClients.Connect(server.Uri);

        Assert.That(connection.ReadAsync("a").ToListAsync, Throws.TypeOf<EventStreamException>().With.Message.Contains("binary"));
    }

    private static IEnumerable<TestCaseData> BrokenFrames()
    {
        yield return Case("reserved opcode", 0x83, 0x00);
        yield return Case("reserved bit", 0xF1, 0x00);
        yield return Case("masked by a server", 0x81, 0x81, 0, 0, 0, 0, 0x20);
        yield return Case("continuation of nothing", 0x80, 0x00);
        yield return Case("no UTF-8", 0x81, 0x02, 0xC3, 0x28);
        yield return Case("negative length", 0x81, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
        yield return Case("close of one byte", 0x88, 0x01, 0x03);

        static TestCaseData Case(string name, params byte[] bytes) => new TestCaseData(bytes).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(BrokenFrames))]
    public async Task Broken_frames_break_the_socket_and_it_is_come_back_to(byte[] bytes)
    {
        await using var server = await StreamServer.StartAsync(
            SocketPeer.Answer(async peer =>
            {
                await peer.SubscribedAsync(SocketWire.Event("a", 1));
                await peer.Connection.WriteAsync(bytes);
                await peer.StayAsync();
            }),
            SocketPeer.Answer(static async peer =>
            {
                await peer.SubscribedAsync(SocketWire.Event("a", 2), SocketWire.End("a", "completed", 2));
            }));
        await using var connection = SocketClients.Connect(server.Uri);
        var states = connection.RecordStates();
        var events = await connection.ReadAsync("a").ToListAsync();

        Assert.That(events.Select(static item => item.Sequence), Is.EqualTo([1, 2, 2]));
        Assert.That(states.Single(static state => state.Status == ConnectionStatus.Reconnecting).Cause, Is.InstanceOf<WebSocketException>());
    }

    [Test]
    public async Task What_is_of_nobodys_topic_or_asked_for_by_nobody_is_for_nobody()
    {
        await using var server = await StreamServer.StartAsync(SocketPeer.Answer(static async peer =>
        {
            await peer.SubscribedAsync(
                SocketWire.Event("other", 1),
                SocketWire.Subscribed("other"),
                SocketWire.Unsubscribed("a"),
                SocketWire.Error("unsubscribe", "a", 404, "The socket does not have it."),
                SocketWire.Error("subscribe", "other", 404, "No such topic."),
                SocketWire.End("other", "completed", 1),
                """{"reply":"pong"}""",
                """{"reply":"of another version"}""",
                SocketWire.Event("a", 1),
                """{"topic":"a","type":"note","cursor":"no cursor","more":[{}],"event":{"text":"of another format"}}""",
                SocketWire.End("a", "completed", 2));
        }));
        await using var connection = SocketClients.Connect(server.Uri);
        var events = await connection.ReadAsync("a").ToListAsync();

        Assert.That(events.Select(static item => (item.Type, item.Sequence)), Is.EqualTo([("step", 1), ("note", 1), ("stream.end", 2)]));
    }

    [Test]
    public async Task A_topic_that_is_refused_after_it_was_granted_ends()
    {
        await using var server = await StreamServer.StartAsync(SocketPeer.Answer(static async peer =>
            await peer.SubscribedAsync(SocketWire.Event("a", 1), SocketWire.Error("subscribe", "a", 403, "On second thoughts."))));
        await using var connection = SocketClients.Connect(server.Uri);
        await using var events = connection.ReadAsync("a").GetAsyncEnumerator();
        await events.NextAsync();

        Assert.That(async () => await events.NextAsync(), Throws.TypeOf<EventStreamException>().With.Message.Contains("403"));
    }

    [Test]
    public async Task An_event_too_long_ends_its_topic_alone_and_the_others_resume_on_a_new_socket()
    {
        var closed = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = await StreamServer.StartAsync(
            SocketPeer.Answer(async peer =>
            {
                await peer.SubscribedAsync(SocketWire.Event("a", 1));
                await peer.SubscribedAsync(SocketWire.Event("b", 1), SocketWire.Event("b", 2, data: '"' + new string('x', 2_000) + '"'));
                closed.SetResult(await peer.ReadToCloseAsync());
            }),
            SocketPeer.Answer(static async peer =>
            {
                await peer.SubscribedAsync(SocketWire.Event("a", 2), SocketWire.End("a", "completed", 2));
            }));
        await using var connection = SocketClients.Connect(server.Uri, static options => options.MaxMessageBytes = 1_024);
        await using var a = connection.ReadAsync("a").GetAsyncEnumerator();
        await a.NextAsync();
        await using var b = connection.ReadAsync("b").GetAsyncEnumerator();
        Assert.That((await b.NextAsync()).Sequence, Is.EqualTo(1));

        Assert.That(async () => await b.NextAsync(), Throws.TypeOf<EventStreamException>().With.Message.Contains("#b").And.Message.Contains("MaxMessageBytes"));
        Assert.That((await a.NextAsync()).Sequence, Is.EqualTo(2));
        Assert.That(await closed.Task.WithinSafetyAsync(), Is.EqualTo(1009));
    }

    [Test]
    public async Task A_message_too_long_that_is_nobodys_ends_the_connection_and_no_room_is_made_for_what_is_only_announced()
    {
        await using var server = await StreamServer.StartAsync(SocketPeer.Answer(static async peer =>
        {
            await peer.SubscribedAsync();

            // A text of 1 GiB, of which little more than may be comes.
            await peer.Connection.WriteAsync(new byte[] { 0x81, 0x7F, 0, 0, 0, 0, 0x40, 0, 0, 0 });
            await peer.Connection.WriteAsync(Enumerable.Repeat((byte)' ', 1_025).ToArray());
            await peer.StayAsync();
        }));
        await using var connection = SocketClients.Connect(server.Uri, static options => options.MaxMessageBytes = 1_024);
        var before = GC.GetTotalAllocatedBytes();

        Assert.That(connection.ReadAsync("a").ToListAsync, Throws.TypeOf<EventStreamException>().With.Message.Contains("MaxMessageBytes"));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(64 << 20));
    }

    [Test]
    public async Task Random_messages_end_in_events_or_in_a_defined_error()
    {
        string[] parts =
        [
            SocketWire.Event("a", 1), SocketWire.Event("a", 2), SocketWire.Open("a", "fresh"), SocketWire.Gap("a", 2, 3), SocketWire.Checkpoint("a", 9), SocketWire.Subscribed("a"),
            SocketWire.Unsubscribed("a"), SocketWire.Error("subscribe", "a", 503, "full"), SocketWire.End("a", "slowConsumer", 2), "{", "}", "\"topic\":", "\"a\"", ",", "[", "]", "null", SocketWire.End("a", "completed", 2), "1e999", "\\", "\u0000",
        ];
        var random = new Random(20261121);
        for (var round = 0; round < 200; round++)
        {
            var messages = Enumerable.Range(0, 20).Select(_ => Mutated(parts[random.Next(parts.Length)], random)).ToArray();
            await using var server = await StreamServer.StartAsync(SocketPeer.Answer(async peer =>
            {
                await peer.SubscribedAsync(messages);
                await peer.CloseAsync(4500);
            }));
            await using var connection = SocketClients.Connect(server.Uri, static options => (options.MaxReconnectAttempts, options.MaxMessageBytes) = (0, 1_024));
            try
            {
                await connection.ReadAsync("a").ToListAsync();
            }
            catch (EventStreamException exception)
            {
                Assert.That(exception.Message, Is.Not.Empty);
            }
        }
    }

    private static string Mutated(string text, Random random)
    {
        if (random.Next(3) > 0)
        {
            return text;
        }

        var (start, length) = (random.Next(text.Length), random.Next(4));
        return text.Remove(start, Math.Min(length, text.Length - start)).Insert(start, new string((char)random.Next(0x20, 0x7F), random.Next(3)));
    }
}
