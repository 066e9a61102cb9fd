using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>A real host on a free port of this machine: Kestrel, a bus with the sample types, and what a test adds.</summary>
internal sealed class StreamHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StreamHost(WebApplication app, LogRecorder log)
    {
        _app = app;
        Log = log;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Address, Timeout = Timeout.InfiniteTimeSpan };
    }

    public const string Pattern = "/api/sessions/{topic}/events";

    public LogRecorder Log { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public EventBus Bus => Services.GetRequiredService<EventBus>();

    /// <param name="map">Maps endpoints and middleware; null for one stream.</param>
    /// <param name="services">Adds to the bus and the host's services.</param>
    /// <param name="configure">Anything else.</param>
    /// <param name="protocols">What the server speaks.</param>
    /// <param name="port">Where it listens; 0 for a free port.</param>
    public static async Task<StreamHost> StartAsync(
        Action<WebApplication>? map = null,
        Action<EventStreamingBuilder>? services = null,
        Action<WebApplicationBuilder>? configure = null,
        HttpProtocols protocols = HttpProtocols.Http1,
        int port = 0)
    {
        var log = new LogRecorder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddFilter(static _ => true).AddProvider(log);
        builder.WebHost.ConfigureKestrel(options => options.Listen(System.Net.IPAddress.Loopback, port, listen => listen.Protocols = protocols));

        // A stop that hangs shall be seen to hang.
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromMinutes(5));

        // The host's own would listen to Ctrl-C of the test run.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var bus = builder.Services.AddEventStreaming().AddCatalog(SampleTypes.Catalog).AddHttp();
        services?.Invoke(bus);
        configure?.Invoke(builder);
        var app = builder.Build();
        (map ?? (static app => app.MapEventStream(Pattern)))(app);
        await app.StartAsync();
        return new StreamHost(app, log);
    }

    public static string PathOf(string topic, string query = "") => $"/api/sessions/{Uri.EscapeDataString(topic)}/events{query}";

    /// <summary>Connects, and returns when the headers are there.</summary>
    public async Task<SseStream> OpenAsync(string path, string? lastEventId = null, Action<HttpRequestMessage>? configure = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        configure?.Invoke(request);
        return new SseStream(await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WithinSafetyAsync());
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Log.Dispose();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
