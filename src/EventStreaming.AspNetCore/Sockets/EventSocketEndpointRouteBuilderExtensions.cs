using System.Diagnostics.CodeAnalysis;
using EventStreaming;
using EventStreaming.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps event sockets.</summary>
public static class EventSocketEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps a WebSocket that carries the events of many topics: its client subscribes to each, resumes each from its cursor, and may be refused each by
    /// the <see cref="ITopicAuthorizer"/>. <c>UseWebSockets</c> is not needed.
    /// </summary>
    /// <param name="endpoints">The app, or a group.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    /// <returns>For conventions such as <c>RequireAuthorization</c> and <c>RequireRateLimiting</c>, which are about the connect.</returns>
    /// <exception cref="InvalidOperationException"><c>AddHttp</c> was not called, there is no bus of that name, or it has no snapshots to enable.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IEndpointConventionBuilder MapEventSocket(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<EventSocketEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var services = endpoints.ServiceProvider;
        var http = EventStreamHttp.Require(services, nameof(MapEventSocket));
        var options = new EventSocketEndpointOptions();
        configure?.Invoke(options);
        options.Validate();
        var bus = EventStreamHttp.RequireBus(services, nameof(MapEventSocket), options.BusName);
        if (options.EnableSnapshots)
        {
            EventStreamHttp.RequireSnapshots(services, nameof(MapEventSocket), bus.Name);
        }

        var endpoint = new EventSocketEndpoint(
            bus, http, options, services.GetRequiredService<IHostApplicationLifetime>(), services.GetRequiredService<ILoggerFactory>());

        // Over HTTP/2 a socket is made by CONNECT (RFC 8441). It is neither late nor to be kept.
        return endpoints.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Connect], (RequestDelegate)endpoint.HandleAsync).WithMetadata(
            new EventStreamMetadata(bus.Name, static _ => SocketTicketEndpoint.AnyTopic), new DisableRequestTimeoutAttribute(), new OutputCacheAttribute { NoStore = true });
    }

    /// <summary>
    /// Maps the making of one-time tickets for sockets, for POST: a browser's WebSocket can send no header. The answer is 201 with an
    /// <see cref="EventStreamTicket"/>; a socket opened with it is its maker's, who is asked about each topic. It opens no event stream, nor does a stream's ticket open a socket.
    /// </summary>
    /// <param name="endpoints">The app, or a group.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="busName">The bus of the sockets.</param>
    /// <returns>For conventions. Add <c>RequireAuthorization</c>: a ticket made for nobody opens what is open for all, and nothing more.</returns>
    /// <exception cref="InvalidOperationException"><c>AddHttp</c> or <c>AddTickets</c> was not called, or there is no bus of that name.</exception>
    public static IEndpointConventionBuilder MapEventSocketTickets(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, string busName = EventBus.DefaultName)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(busName);
        var services = endpoints.ServiceProvider;
        var http = EventStreamHttp.Require(services, nameof(MapEventSocketTickets));
        var store = services.GetService<TicketStore>()
            ?? throw new InvalidOperationException($"{nameof(MapEventSocketTickets)} needs tickets: call services.AddEventStreaming().AddHttp().AddTickets() before the app is built.");
        var bus = EventStreamHttp.RequireBus(services, nameof(MapEventSocketTickets), busName);
        var builder = endpoints.MapMethods(pattern, [HttpMethods.Post], (RequestDelegate)new SocketTicketEndpoint(bus, http, store).HandleAsync);
        EventStreamDescription.AddTickets(builder);
        return builder;
    }
}
