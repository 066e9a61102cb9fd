using System.Net;
using System.Text;
using System.Text.Json;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Tests.Support;
using Indexing.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentHost.Tests.Support;

/// <summary>The host as it is, on a free port of this machine, with a root of its own, and a client to it.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestHost(WebApplication app, TempDirectory root)
    {
        _app = app;
        Root = root;

        // A client that is told to wait for leave to send a body waits for a second only, unless told otherwise.
        var handler = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        Client = new HttpClient(handler) { BaseAddress = new Uri(app.Urls.Single()), Timeout = Timeout.InfiniteTimeSpan };
    }

    public TempDirectory Root { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<TestHost> StartAsync(params string[] args)
    {
        var root = new TempDirectory();
        var app = HostApp.Create(
            ["--urls", "http://127.0.0.1:0", "--root", root.Path, "--AgentHost:Workers", "2", .. args],
            static builder =>
            {
                builder.Logging.ClearProviders();

                // A stop that hangs shall be seen to hang.
                builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromMinutes(5));
            });
        await app.StartAsync();
        return new TestHost(app, root);
    }

    public static string EventsOf(string session, string query = "") => $"/api/sessions/{session}/events{query}";

    public static string WorkerEventsOf(string session, string worker) => $"/api/sessions/{session}/workers/{worker}/events";

    public async Task<string> CreateSessionAsync()
    {
        var (status, json) = await SendAsync(HttpMethod.Post, "/api/sessions");
        Require(status, HttpStatusCode.Created, json);
        return json.GetProperty("sessionId").GetString()!;
    }

    /// <summary>Starts a run of a directory below the root.</summary>
    public async Task<(string RunId, string[] WorkerIds)> StartRunAsync(string session, string directory = ".")
    {
        var (status, json) = await PostAsync($"/api/sessions/{session}/runs", $$"""{"kind":"index","directory":"{{directory}}"}""");
        Require(status, HttpStatusCode.Accepted, json);
        return (json.GetProperty("runId").GetString()!, [.. json.GetProperty("workerIds").EnumerateArray().Select(static id => id.GetString()!)]);
    }

    /// <summary>Starts a run of any kind.</summary>
    public async Task<string> StartAsync(string session, string request)
    {
        var (status, json) = await PostAsync($"/api/sessions/{session}/runs", request);
        Require(status, HttpStatusCode.Accepted, json);
        return json.GetProperty("runId").GetString()!;
    }

    /// <summary>Answers a question.</summary>
    public async Task<HttpStatusCode> AnswerAsync(string session, string inputId, string value) =>
        (await PostAsync($"/api/sessions/{session}/inputs/{inputId}", $$"""{"value":{{value}}}""")).Status;

    public Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(string path, string json) => SendAsync(HttpMethod.Post, path, json);

    public Task<(HttpStatusCode Status, JsonElement Json)> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public async Task<(HttpStatusCode Status, JsonElement Json)> SendAsync(HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, type);

        // A server that refuses a body does not read it: a client that is still sending when the connection closes sees that, and not the answer.
        request.Headers.ExpectContinue = body?.Length > 128 * 1024;
        using var response = await Client.SendAsync(request).WithinSafetyAsync();
        var text = await response.Content.ReadAsStringAsync().WithinSafetyAsync();
        if (!response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType is not "application/problem+json")
        {
            throw new InvalidDataException($"{response.StatusCode} is not told as a problem: {text}");
        }

        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Connects, and returns when the stream has told that it is open.</summary>
    public async Task<SseStream> OpenAsync(string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return new SseStream(await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WithinSafetyAsync());
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Root.Dispose();
    }

    private static void Require(HttpStatusCode actual, HttpStatusCode expected, JsonElement json)
    {
        if (actual != expected)
        {
            throw new InvalidDataException($"Expected {expected}, but it was {actual}: {json}");
        }
    }
}
