using System.Net.Sockets;
using System.Text;
using AgentHost.Tests.Support;
using EventStreaming;
using EventStreaming.Agents;
using EventStreaming.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace AgentHost.Tests.Protocols;

/// <summary>Clients that go after some bytes of what they are answered, at every door.</summary>
internal sealed class LeavingClientTests
{
    /// <summary>How many bytes of a response lie between one client's leave and the next one's: no divisor of a frame's length, so that leaves are everywhere in frames.</summary>
    private const int Stride = 211;

    private DoorClient _door = null!; // SetUp makes one for each test.
    private int _idleSubscriptions;

    private EventBus Bus => _door.Host.Services.GetRequiredService<EventBus>();

    private AgentRuns Runs => _door.Host.Services.GetRequiredService<AgentRuns>();

    [SetUp]
    public async Task StartAsync()
    {
        _door = await DoorClient.StartAsync("--AgentHost:MaxRuns", "1000", "--AgentHost:MaxSessions", "10000");
        _idleSubscriptions = Bus.SubscriptionCount;
    }

    [TearDown]
    public async Task StopAsync() => await _door.DisposeAsync();

    [TestCase("/agui", """{"threadId":"{thread}","messages":[{"id":"u1","role":"user","content":"history"}]}""")]
    [TestCase("/api/chat", """{"id":"{thread}","messages":[{"id":"u1","role":"user","parts":[{"type":"text","text":"history"}]}]}""")]
    [TestCase("/a2a/message:stream", """{"message":{"messageId":"m","role":"ROLE_USER","contextId":"{thread}","parts":[{"text":"history"}]}}""")]
    [TestCase("/a2a/message:send", """{"message":{"messageId":"m","role":"ROLE_USER","contextId":"{thread}","parts":[{"text":"history"}]}}""")]
    [TestCase("/a2a", """{"jsonrpc":"2.0","id":1,"method":"SendStreamingMessage","params":{"message":{"messageId":"m","role":"ROLE_USER","contextId":"{thread}","parts":[{"text":"history"}]}}}""")]
    public async Task Who_begins_a_run_and_goes_ends_nothing_but_the_stream(string path, string body)
    {
        var length = await ReadAsync(Request("POST", path, body, thread: "whole"), int.MaxValue);
        for (var bytes = 0; bytes < length; bytes += Stride)
        {
            await ReadAsync(Request("POST", path, body, FormattableString.Invariant($"t-{bytes}")), bytes, byReset: bytes % 2 == 0);
        }

        await AssertAllEndedWellAsync();
    }

    [TestCase("GET", "/api/chat/{session}/stream", "data-input-request")]
    [TestCase("POST", "/a2a/tasks/{run}:subscribe", "TASK_STATE_INPUT_REQUIRED")]
    [TestCase("GET", "/api/sessions/{session}/events?format=ag-ui", "RUN_FINISHED")]
    [TestCase("GET", "/api/sessions/{session}/events?format=a2a", "TASK_STATE_INPUT_REQUIRED")]
    [TestCase("GET", "/api/sessions/{session}/events?format=ai-sdk", "data-input-request")]
    [TestCase("GET", "/api/sessions/{session}/events?format=cloudevents&from=start", "input.requested")]
    [TestCase("GET", "/api/sessions/{session}/events?from=snapshot", "session.snapshot")]
    public async Task Who_watches_a_run_and_goes_ends_nothing_but_the_stream(string method, string path, string last)
    {
        var session = await _door.Host.CreateSessionAsync();
        var run = await _door.Host.StartAsync(session, """{"kind":"orchestrator"}""");
        using var watcher = await _door.Host.OpenAsync(TestHost.EventsOf(session, "?from=start"));
        var input = (await watcher.ReadUntilAsync("input.requested"))[^1].Payload.GetProperty("id").GetString()!;
        watcher.Dispose();
        var request = Request(method, path.Replace("{session}", session, StringComparison.Ordinal).Replace("{run}", run, StringComparison.Ordinal));
        var length = await ReadAsync(request, int.MaxValue, last);

        for (var bytes = 0; bytes < length; bytes += Stride / 10)
        {
            await ReadAsync(request, bytes, byReset: bytes % 2 == 0);
        }

        Assert.That(Runs.Find(run)!.IsEnded, Is.False, "It waits still.");
        await _door.Host.AnswerAsync(session, input, "\"history\"");
        await AssertAllEndedWellAsync();
    }

    private async Task AssertAllEndedWellAsync()
    {
        foreach (var run in Runs.List())
        {
            Assert.That((await Runs.WaitAsync(run.RunId).WithinSafetyAsync())!.State, Is.EqualTo(RunState.Succeeded));
        }

        await UntilAsync(() => Bus.SubscriptionCount == _idleSubscriptions);
        foreach (var session in (await _door.SessionsAsync()).EnumerateArray())
        {
            Assert.That(session.GetProperty("runs").GetArrayLength(), Is.EqualTo(1), "No session was left for a run that never began.");
        }

        await _door.Host.StopAsync().WithinSafetyAsync();
    }

    /// <summary>Reads some bytes of an answer and goes.</summary>
    /// <returns>How many there were.</returns>
    private async Task<int> ReadAsync(string request, int bytes, string? last = null, bool byReset = false)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var address = _door.Host.Client.BaseAddress!;
        await socket.ConnectAsync(address.Host, address.Port).WithinSafetyAsync();
        await socket.SendAsync(Encoding.UTF8.GetBytes(request)).WithinSafetyAsync();
        var (buffer, count, text) = (new byte[4_096], 0, new StringBuilder());
        while (count < bytes && await socket.ReceiveAsync(buffer.AsMemory(0, Math.Min(buffer.Length, bytes - count))).AsTask().WithinSafetyAsync() is > 0 and var read)
        {
            count += read;
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            if (last is not null && text.ToString().Contains(last, StringComparison.Ordinal))
            {
                break;
            }
        }

        if (byReset)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        return count;
    }

    private static async Task UntilAsync(Func<bool> happened)
    {
        using var safety = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!happened())
        {
            safety.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private string Request(string method, string path, string body = "", string thread = "")
    {
        body = body.Replace("{thread}", thread, StringComparison.Ordinal);
        return FormattableString.Invariant(
            $"{method} {path} HTTP/1.1\r\nHost: {_door.Host.Client.BaseAddress!.Authority}\r\nA2A-Version: 1.0\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
    }
}
