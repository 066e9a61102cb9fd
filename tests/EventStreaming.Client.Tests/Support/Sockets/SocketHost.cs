using EventStreaming.AspNetCore;
using EventStreaming.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace EventStreaming.Client.Tests.Support;

/// <summary>A real host with an event socket, whose connections a test can cut.</summary>
internal sealed class SocketHost : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<HttpContext> _connections = [];
    private StreamHost _host = null!; // Set when it is started.

    public Uri Uri => new(_host.Address, "/ws");

    public EventBus Bus => _host.Bus;

    /// <summary>How many handshakes there have been.</summary>
    public int Handshakes { get; private set; }

    public static async Task<SocketHost> StartAsync(
        Action<EventSocketEndpointOptions>? options = null,
        Action<EventStreamingBuilder>? services = null,
        Action<WebApplicationBuilder>? configure = null,
        Action<IEndpointConventionBuilder>? endpoint = null,
        HttpProtocols protocols = HttpProtocols.Http1,
        int port = 0)
    {
        var host = new SocketHost();
        host._host = await StreamHost.StartAsync(app => host.Map(app, options, endpoint), services, configure, protocols, port);
        return host;
    }

    /// <summary>Cuts every connection there is.</summary>
    /// <returns>How many.</returns>
    public int Cut()
    {
        lock (_gate)
        {
            _connections.ForEach(static connection => connection.Abort());
            return _connections.Count;
        }
    }

    public Task StopAsync() => _host.StopAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private void Map(WebApplication app, Action<EventSocketEndpointOptions>? options, Action<IEndpointConventionBuilder>? endpoint)
    {
        app.Use(async (context, next) =>
        {
            lock (_gate)
            {
                Handshakes++;
                _connections.Add(context);
            }

            try
            {
                await next(context);
            }
            finally
            {
                lock (_gate)
                {
                    _connections.Remove(context);
                }
            }
        });
        var mapped = app.MapEventSocket("/ws", options);
        endpoint?.Invoke(mapped);
    }
}
