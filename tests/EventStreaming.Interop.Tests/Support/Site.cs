using EventStreaming.AspNetCore;
using EventStreaming.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EventStreaming.Interop.Tests.Support;

/// <summary>A real host with a stream and a socket, a door before it, and the page that browsers open.</summary>
internal static class Site
{
    public const string Topic = "session-1";

    public const string SocketPath = "/ws";

    /// <summary>Clients come back after this, which the standard lets a server say.</summary>
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(50);

    /// <param name="door">Who may come in, and when.</param>
    /// <param name="port">Where it listens; 0 for a free port.</param>
    /// <param name="stream">Sets the stream's options.</param>
    /// <param name="map">Adds middleware and endpoints, and conventions to the stream.</param>
    /// <param name="services">Adds to the bus.</param>
    /// <param name="configure">Anything else.</param>
    public static Task<StreamHost> StartAsync(
        Door door,
        int port = 0,
        Action<EventStreamEndpointOptions>? stream = null,
        Action<WebApplication, IEndpointConventionBuilder>? map = null,
        Action<EventStreamingBuilder>? services = null,
        Action<WebApplicationBuilder>? configure = null) => StreamHost.StartAsync(
        app =>
        {
            door.StandBefore(app);
            app.MapGet("/clients/{file}", static (string file) => Results.File(
                Path.Combine(Places.Clients, Path.GetFileName(file)), Path.GetExtension(file) is ".html" ? "text/html" : "text/javascript"));
            var endpoint = app.MapEventStream(StreamHost.Pattern, options =>
            {
                options.RetryInterval = s_retry;
                stream?.Invoke(options);
            });
            app.MapEventSocket(SocketPath);
            map?.Invoke(app, endpoint);
        },
        services,
        configure,
        port: port);

    public static Uri StreamOf(StreamHost host, string query = "") => StreamOf(host.Address, query);

    public static Uri StreamOf(Uri host, string query = "") => new(host, StreamHost.PathOf(Topic, query));

    public static Uri SocketOf(StreamHost host) => new($"ws://{host.Address.Authority}{SocketPath}");

    /// <summary>Publishes numbers.</summary>
    /// <returns>Their ids.</returns>
    public static string[] Publish(StreamHost host, string type, params IEnumerable<int> numbers) =>
        [.. numbers.Select(number => host.Bus.Publish(Topic, type, number).Cursor.ToString())];
}
