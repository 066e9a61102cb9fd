using System.Net;
using System.Text;
using System.Text.Json;
using AgentHost.Tests.Support;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;

namespace AgentHost.Tests.Protocols;

/// <summary>Knocks at a host's doors.</summary>
internal sealed class DoorClient : IAsyncDisposable
{
    private DoorClient(TestHost host) => Host = host;

    public TestHost Host { get; }

    public static async Task<DoorClient> StartAsync(params string[] args)
    {
        var host = await TestHost.StartAsync(args);
        host.Root.Write("notes/history.md", "# History\nThe history is bounded; the oldest of the history is evicted.\n").Write("readme.md", "See the history.\n");
        return new DoorClient(host);
    }

    /// <summary>Sends JSON, and returns what is answered when its headers are there.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string? version = "1.0", string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, type);

        // A server that refuses a body does not read it: a client that is still sending when the connection closes sees that, and not the answer.
        request.Headers.ExpectContinue = body?.Length > 128 * 1024;
        if (version is not null && path.StartsWith("/a2a", StringComparison.Ordinal))
        {
            request.Headers.Add("A2A-Version", version);
        }

        return await Host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WithinSafetyAsync();
    }

    public async Task<SseStream> OpenAsync(string path, string body) => new(await SendAsync(HttpMethod.Post, path, body));

    /// <summary>All messages of a stream that a request is answered with.</summary>
    public async Task<IReadOnlyList<JsonElement>> ReadAsync(string path, string body)
    {
        using var stream = await OpenAsync(path, body);
        return await ReadAsync(stream);
    }

    public static async Task<IReadOnlyList<JsonElement>> ReadAsync(SseStream stream)
    {
        if (stream.Status != HttpStatusCode.OK)
        {
            throw new InvalidDataException($"{stream.Status}: {await stream.ReadTextAsync()}");
        }

        return [.. (await stream.ReadToEndAsync()).Where(static frame => frame.Data is not (null or "[DONE]")).Select(static frame => frame.Json)];
    }

    public async Task<(HttpStatusCode Status, JsonElement Json)> AskAsync(HttpMethod method, string path, string? body = null, string? version = "1.0", string type = "application/json")
    {
        var (status, text) = await AskTextAsync(method, path, body, version, type);
        return (status, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    public async Task<(HttpStatusCode Status, string Text)> AskTextAsync(HttpMethod method, string path, string? body = null, string? version = "1.0", string type = "application/json")
    {
        using var response = await SendAsync(method, path, body, version, type);
        return (response.StatusCode, await response.Content.ReadAsStringAsync().WithinSafetyAsync());
    }

    /// <summary>The sessions there are, and their runs.</summary>
    public async Task<JsonElement> SessionsAsync() => (await Host.SendAsync(HttpMethod.Get, "/api/sessions")).Json;

    public static string?[] TypesOf(IEnumerable<JsonElement> frames) => [.. frames.Select(static frame => frame.GetProperty("type").GetString())];

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
