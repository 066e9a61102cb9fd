using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using AgentHost.Tests.Support;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Endpoints;

internal sealed class SocketTests
{
    [Test]
    public async Task One_socket_carries_several_sessions()
    {
        await using var host = await TestHost.StartAsync();
        var (one, other) = (await host.CreateSessionAsync(), await host.CreateSessionAsync());
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{host.Client.BaseAddress!.Authority}/api/sessions/{one}/ws"), CancellationToken.None).WithinSafetyAsync();
        await SendAsync(socket, one);
        await SendAsync(socket, other);
        await host.PostAsync(TestHost.EventsOf(one), """{"type":"build.done"}""");
        await host.PostAsync(TestHost.EventsOf(other), """{"type":"build.done"}""");

        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (seen.Count < 2)
        {
            var message = await ReceiveAsync(socket);
            if (message.TryGetProperty("type", out var type) && type.ValueEquals("build.done"))
            {
                seen.Add(message.GetProperty("topic").GetString()!);
            }
        }

        Assert.That(seen, Is.EquivalentTo([one, other]));
    }

    [Test]
    public async Task A_session_there_is_not_is_refused_on_the_socket()
    {
        await using var host = await TestHost.StartAsync();
        var session = await host.CreateSessionAsync();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{host.Client.BaseAddress!.Authority}/api/sessions/{session}/ws"), CancellationToken.None).WithinSafetyAsync();
        await SendAsync(socket, "made-up");

        var message = await ReceiveAsync(socket);
        Assert.That(message.GetProperty("reply").GetString(), Is.EqualTo("error"));
        Assert.That(message.GetProperty("status").GetInt32(), Is.EqualTo(404));
    }

    private static Task SendAsync(ClientWebSocket socket, string session) =>
        socket.SendAsync(Encoding.UTF8.GetBytes($$"""{"action":"subscribe","topic":"{{session}}"}"""), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).WithinSafetyAsync();

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var received = await socket.ReceiveAsync(buffer, CancellationToken.None).WithinSafetyAsync();
        Assert.That(received.EndOfMessage, Is.True);
        return JsonDocument.Parse(buffer.AsMemory(0, received.Count)).RootElement;
    }
}
