using System.Net.WebSockets;
using System.Text;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.AspNetCore.Tests.Sockets;

internal sealed class MessageTests
{
    private const string Topic = "session-1";

    [TestCase("", "not valid JSON")]
    [TestCase("{", "not valid JSON")]
    [TestCase("[]", "not a JSON object")]
    [TestCase("{} {}", "not valid JSON")]
    [TestCase("{}", "no 'action'")]
    [TestCase("""{"action":"dance"}""", "'action' is unknown")]
    [TestCase("""{"action":7}""", "'action' is not one string")]
    [TestCase("""{"action":"ping","action":"ping"}""", "'action' is not one string")]
    [TestCase("""{"action":"subscribe"}""", "no 'topic'")]
    [TestCase("""{"action":"subscribe","topic":{}}""", "'topic' is not one string")]
    [TestCase("""{"action":"subscribe","topic":"a","cursor":1}""", "'cursor' is not one string")]
    [TestCase("""{"action":"subscribe","topic":"a","types":"a"}""", "'types' is not one array")]
    [TestCase("""{"action":"subscribe","topic":"a","types":[1]}""", "'types' is not one array")]
    [TestCase("""{"action":"subscribe","topic":"a","format":[]}""", "'format' is not one string")]
    [TestCase("""{"action":"subscribe","topic":"a","cursors":"e-1"}""", "a member that is none of")]
    [TestCase("""{"action":"subscribe","topic":"\ud800"}""", "not valid JSON")]
    public void What_is_no_command_is_answered_with_what_is_wrong_with_it(string text, string expected)
    {
        Assert.That(SocketCommand.TryRead(Encoding.UTF8.GetBytes(text), 64, out _, out var wrong), Is.False);
        Assert.That(wrong, Does.Contain(expected));
    }

    [Test]
    public void Members_that_are_null_are_as_if_they_were_not_there()
    {
        var text = """{"action":"subscribe","topic":"a","types":null,"cursor":null,"format":null}"""u8;

        Assert.That(SocketCommand.TryRead(text, 64, out var command, out _), Is.True);
        Assert.That((command!.Topic, command.Types, command.Cursor, command.Format), Is.EqualTo(("a", (string[]?)null, (string?)null, (string?)null)));
    }

    [Test]
    public async Task A_ping_is_answered()
    {
        await using var host = await SocketMessages.StartAsync();
        using var client = await SocketClient.ConnectAsync(host);
        await client.SendAsync("""{"action":"ping"}""");

        Assert.That((await client.NextMessageAsync()).GetRawText(), Is.EqualTo("""{"reply":"pong"}"""));
    }

    [Test]
    public async Task Bad_messages_in_a_row_are_answered_each_and_then_close_the_socket()
    {
        await using var host = await SocketMessages.StartAsync();
        using var client = await SocketClient.ConnectAsync(host);
        for (var i = 0; i < 4; i++)
        {
            await client.SendAsync("nonsense");
        }

        await client.SendAsync("""{"action":"ping"}""");
        for (var i = 0; i < 5; i++)
        {
            await client.SendAsync("nonsense");
        }

        var replies = await client.ReadToCloseAsync();
        Assert.That(replies.Select(static reply => reply.Reply()), Is.EqualTo(["error", "error", "error", "error", "pong", "error", "error", "error", "error", "error"]));
        Assert.That((replies[0].Status(), replies[0].Text("detail")), Is.EqualTo((400, Refusal.BadMessage("The message is not valid JSON.").Detail)));
        Assert.That(client.Code, Is.EqualTo(1008));
        await host.Log.UntilAsync(2111);
        Assert.That(host.Log.Of(2111).Single().Message, Does.Contain("closed with 1008"));
        Assert.That(host.Log.Entries.Select(static entry => entry.Message), Has.None.Contains("nonsense"));
    }

    [Test]
    public async Task A_message_that_is_too_long_closes_the_socket_however_it_is_cut([Values] bool inPieces)
    {
        await using var host = await SocketMessages.StartAsync(static options => options.MaxMessageBytes = 2_000);
        using var client = await SocketClient.ConnectAsync(host);
        var longest = $$"""{"action":"subscribe","topic":"{{Topic}}"{{new string(' ', 2_000)}}"""[..1_999] + "}";
        await client.SendAsync(longest);
        Assert.That((await client.NextReplyAsync()).Status(), Is.EqualTo(404), "It was read, to its last byte.");

        for (var i = 0; i < (inPieces ? 21 : 0); i++)
        {
            await client.Socket.SendAsync(new byte[100].Select(static _ => (byte)' ').ToArray(), WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
        }

        await client.Socket.SendAsync(Encoding.UTF8.GetBytes(new string(' ', 2_001)), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        await client.ReadToCloseAsync();
        Assert.That(client.Code, Is.EqualTo(1009));
    }

    [Test]
    public async Task A_binary_message_closes_the_socket()
    {
        await using var host = await SocketMessages.StartAsync();
        using var client = await SocketClient.ConnectAsync(host);
        await client.Socket.SendAsync("{}"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        await client.ReadToCloseAsync();

        Assert.That(client.Code, Is.EqualTo(1003));
    }

    [Test]
    public async Task A_message_that_is_no_text_closes_the_socket_and_gives_back_its_places()
    {
        await using var host = await SocketMessages.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var client = await SocketClient.ConnectAsync(host);
        await client.SubscribeAsync(Topic);
        await client.NextEventAsync();
        await client.Socket.SendAsync(new byte[] { 0xFF, 0xFE }, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

        // The close is not answered: the server has not waited for that.
        await client.Socket.ReceiveAsync(new byte[100].AsMemory(), CancellationToken.None).AsTask().WithinSafetyAsync();
        Assert.That(client.Code, Is.EqualTo(1007));
        await Places.UntilAsync(host.Limits, 0);
        Assert.That((host.Bus.SubscriptionCount, host.Limits.Topics.KeyCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task A_format_is_asked_for_by_name_and_an_unknown_one_is_refused_with_those_there_are()
    {
        await using var host = await SocketMessages.StartAsync();
        host.Bus.Publish(Topic, SampleTypes.Iteration);
        using var client = await SocketClient.ConnectAsync(host);
        var refused = await client.SubscribeAsync(Topic, more: ",\"format\":\"xml\"");
        var accepted = await client.SubscribeAsync(Topic, more: ",\"format\":\"eventstreaming\"");

        Assert.That((refused.Status(), refused.GetProperty("formats")[0].GetString()), Is.EqualTo((400, "eventstreaming")));
        Assert.That(accepted.Reply(), Is.EqualTo("subscribed"));
    }
}
