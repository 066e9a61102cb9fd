using System.Threading.Channels;
using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventStreaming.Client.Tests.Support;

/// <summary>A real server on a port of its own. The first request gets the first answer, and so on; the last answer is for all that follow.</summary>
internal sealed class StreamServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<HttpContext, Task>[] _answers;
    private readonly Lock _gate = new();
    private readonly List<ReceivedRequest> _requests = [];
    private readonly Channel<ReceivedRequest> _arrivals = Channel.CreateUnbounded<ReceivedRequest>();

    private StreamServer(WebApplication app, Func<HttpContext, Task>[] answers) => (_app, _answers) = (app, answers);

    public Uri Uri => new(new Uri(_app.Urls.Single()), "/stream");

    public IReadOnlyList<ReceivedRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    public static async Task<StreamServer> StartAsync(params Func<HttpContext, Task>[] answers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.Zero);
        builder.Logging.ClearProviders();
        var server = new StreamServer(builder.Build(), answers);
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>The next request that has not been asked for yet.</summary>
    public async Task<ReceivedRequest> NextRequestAsync() => await _arrivals.Reader.ReadAsync().AsTask().WithinSafetyAsync();

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _app.StopAsync();
        }
        catch (OperationCanceledException)
        {
            // It does not wait for the streams that a test leaves open.
        }

        await _app.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var request = ReceivedRequest.Of(context);
        int number;
        lock (_gate)
        {
            number = _requests.Count;
            _requests.Add(request);
        }

        _arrivals.Writer.TryWrite(request);
        return _answers[Math.Min(number, _answers.Length - 1)](context);
    }
}
