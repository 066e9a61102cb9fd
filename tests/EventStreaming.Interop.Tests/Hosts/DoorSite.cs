using System.Net;
using System.Text;
using System.Text.Json;
using AgentHost.Tests.Support;
using EventStreaming.Interop.Tests.Support;
using EventStreaming.Tests.Support;
using Indexing.Tests.Support;

namespace EventStreaming.Interop.Tests.Hosts;

/// <summary>The sample host as a process of its own, with some files to look into, and the clients that knock at its doors.</summary>
internal sealed class DoorSite : IAsyncDisposable
{
    private readonly TempDirectory _root = new TempDirectory()
        .Write("notes/history.md", "# History\nThe history is bounded; the oldest of the history is evicted.\n")
        .Write("readme.md", "See the history.\n");

    private readonly HostProcess _process;
    private readonly HttpClient _http = new();

    private DoorSite() => _process = HostProcess.Start("--urls", "http://127.0.0.1:0", "--root", _root.Path, "--AgentHost:Workers", "2");

    public Uri Address { get; private set; } = null!; // From its start on.

    public static async Task<DoorSite> StartAsync()
    {
        var site = new DoorSite();
        site.Address = await site._process.WaitForAddressAsync();
        return site;
    }

    public ChildProcess Run(string client, string path, params IEnumerable<string> arguments) =>
        ChildProcess.Start("node", [Path.Combine(Places.Clients, client), new Uri(Address, path).AbsoluteUri, .. arguments]);

    public async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path));
        request.Headers.Add("A2A-Version", "1.0");
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WithinSafetyAsync();
        return response.StatusCode;
    }

    /// <summary>The session that a client has begun, when a run is at work there.</summary>
    public async Task<string> SessionAtWorkAsync()
    {
        while (true)
        {
            var sessions = JsonElement.Parse(await _http.GetStringAsync(new Uri(Address, "/api/sessions")).WithinSafetyAsync());
            foreach (var session in sessions.EnumerateArray())
            {
                if (session.GetProperty("runs").GetArrayLength() > 0)
                {
                    return session.GetProperty("sessionId").GetString()!;
                }
            }
        }
    }

    /// <summary>Returns when a run of the session that a client has begun has asked something.</summary>
    public async Task AskedAsync()
    {
        var session = await SessionAtWorkAsync();
        await using var stream = await _http.GetStreamAsync(new Uri(Address, $"/api/sessions/{session}/events?from=start")).WithinSafetyAsync();
        using var lines = new StreamReader(stream);
        while (await lines.ReadLineAsync().WithinSafetyAsync() is { } line)
        {
            if (line.Contains("input.requested", StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidDataException("The stream has ended, and nothing was asked.");
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        _process.Dispose();
        _root.Dispose();
        return ValueTask.CompletedTask;
    }
}
