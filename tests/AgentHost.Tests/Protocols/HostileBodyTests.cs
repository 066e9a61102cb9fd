using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace AgentHost.Tests.Protocols;

/// <summary>Bytes that are no request, at every route that takes a body.</summary>
internal sealed class HostileBodyTests
{
    private static readonly string[] s_routes =
    [
        "/agui", "/agui/connect", "/agui/cancel", "/api/chat", "/a2a", "/a2a/message:send", "/a2a/message:stream",
        "/api/sessions/{session}/inputs/none", "/api/sessions/{session}/events", "/api/sessions/{session}/runs",
    ];

    private static readonly (string Name, byte[] Body)[] s_bodies =
    [
        ("nothing", []),
        ("a word", "hello"u8.ToArray()),
        ("half an object", "{\"id\":"u8.ToArray()),
        ("two objects", "{}{}"u8.ToArray()),
        ("a comment", "/* */{}"u8.ToArray()),
        ("NaN", """{"threadId":NaN,"id":NaN}"""u8.ToArray()),
        ("deep arrays", [.. Enumerable.Repeat((byte)'[', 100_000)]),
        ("deep objects", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("""{"a":""", 5_000)) + "1" + new string('}', 5_000))),
        ("NULs", new byte[100]),
        ("UTF-16", Encoding.Unicode.GetBytes("{}")),
        ("bytes that are not UTF-8", [.. """{"threadId":"t","id":"c","jsonrpc":"2.0","messages":[{"id":" """u8, 0xff, 0xfe, .. "\"}]}"u8]),
        ("a member's name that is not UTF-8", [.. "{\""u8, 0xff, .. "\":1}"u8]),
        ("half a surrogate pair, escaped", """{"threadId":"t","id":"c","jsonrpc":"2.0","messages":["\ud800"]}"""u8.ToArray()),
        ("half a surrogate pair, as bytes", [.. "{\"id\":\""u8, 0xed, 0xa0, 0x80, .. "\"}"u8]),
        ("a control character", "{\"id\":\"a\nb\"}"u8.ToArray()),
        ("null", "null"u8.ToArray()),
        ("a number without end", "1e999"u8.ToArray()),
        ("an array of nothing", "[]"u8.ToArray()),
        ("an array of arrays", "[[[]]]"u8.ToArray()),
    ];

    private DoorClient _door = null!; // SetUp makes one for all tests.
    private string _session = null!; // SetUp makes one for all tests.

    public static IEnumerable<TestCaseData> Bodies =>
        from route in s_routes
        from body in s_bodies
        select new TestCaseData(route, body.Body).SetArgDisplayNames(route, body.Name);

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _door = await DoorClient.StartAsync();
        _session = await _door.Host.CreateSessionAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _door.DisposeAsync();

    [TestCaseSource(nameof(Bodies))]
    public async Task What_is_no_request_is_refused_in_words(string route, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");

        await AssertRefusedAsync(route, content);
    }

    [Test]
    public async Task What_is_sent_as_something_else_is_refused_in_words(
        [ValueSource(nameof(s_routes))] string route, [Values("text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "application/jsonp", "")] string type)
    {
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = type.Length == 0 ? null : MediaTypeHeaderValue.Parse(type);

        await AssertRefusedAsync(route, content);
    }

    [TestCaseSource(nameof(s_routes))]
    public async Task A_body_that_is_wrongly_chunked_is_the_clients_fault(string route)
    {
        Assert.That(await SendRawAsync(route, "Transfer-Encoding: chunked", "zz\r\n{}\r\n0\r\n\r\n"), Is.EqualTo(StatusOf(route, 400)));
        Assert.That(await SendRawAsync(route, "Transfer-Encoding: chunked", "5\r\n{\"a\":\r\nXX\r\n"), Is.EqualTo(StatusOf(route, 400)));
    }

    [TestCaseSource(nameof(s_routes))]
    public async Task A_hundred_megabytes_are_refused_before_they_are_sent(string route) =>
        Assert.That(await SendRawAsync(route, "Content-Length: 104857600", "{\"a\":"), Is.EqualTo(StatusOf(route, 413)));

    private async Task AssertRefusedAsync(string route, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route.Replace("{session}", _session, StringComparison.Ordinal));
        request.Content = content;
        request.Headers.Add("A2A-Version", "1.0");
        using var response = await _door.Host.Client.SendAsync(request).WithinSafetyAsync();
        var text = await response.Content.ReadAsStringAsync().WithinSafetyAsync();

        Assert.That((int)response.StatusCode, route is "/a2a" ? Is.EqualTo(200).Or.InRange(400, 499) : Is.InRange(400, 499), text);
        Assert.That(DetailOf(route, text), Is.Not.Empty.And.Not.Contains("Exception").And.Not.Contains("   at "));
        Assert.That((await _door.SessionsAsync()).GetArrayLength(), Is.EqualTo(1), "Nothing was begun.");
    }

    /// <summary>What is wrong, where a client of the route's protocol looks for it.</summary>
    private static string? DetailOf(string route, string text) =>
        route.StartsWith("/a2a", StringComparison.Ordinal) ? JsonElement.Parse(text).GetProperty("error").GetProperty("message").GetString()
        : route is "/api/chat" ? text
        : JsonElement.Parse(text).GetProperty("detail").GetString();

    /// <summary>JSON-RPC has its own word for what it cannot parse.</summary>
    private static int StatusOf(string route, int status) => route is "/a2a" ? 200 : status;

    /// <summary>Sends what no client library would, and no more of it.</summary>
    private async Task<int> SendRawAsync(string route, string header, string body)
    {
        var address = _door.Host.Client.BaseAddress!;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port).WithinSafetyAsync();
        var stream = client.GetStream();
        var path = route.Replace("{session}", _session, StringComparison.Ordinal);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: {address.Authority}\r\nA2A-Version: 1.0\r\nContent-Type: application/json\r\n{header}\r\n\r\n{body}"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync().WithinSafetyAsync();
        return int.Parse(line!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
