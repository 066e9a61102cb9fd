using System.Diagnostics.CodeAnalysis;
using EventStreaming.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the making of tickets.</summary>
public static class EventStreamTicketEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps the making of one-time tickets, for POST, for a browser's EventSource, which can send no header. The answer is 201 with an
    /// <see cref="EventStreamTicket"/>; whoever connects with it to the stream of that topic is the one who had it made.
    /// </summary>
    /// <param name="endpoints">The app, or a group.</param>
    /// <param name="pattern">The route, with a parameter <c>{topic}</c> unless <see cref="EventStreamTicketEndpointOptions.Topic"/> is set.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    /// <returns>For conventions. Add <c>RequireAuthorization</c>: a ticket made for nobody opens what is open for all, and nothing more.</returns>
    /// <exception cref="InvalidOperationException"><c>AddHttp</c> or <c>AddTickets</c> was not called, or there is no bus of that name.</exception>
    /// <exception cref="ArgumentException">The pattern has no such parameter.</exception>
    public static IEndpointConventionBuilder MapEventStreamTickets(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<EventStreamTicketEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var services = endpoints.ServiceProvider;
        var http = EventStreamHttp.Require(services, nameof(MapEventStreamTickets));
        var store = services.GetService<TicketStore>()
            ?? throw new InvalidOperationException($"{nameof(MapEventStreamTickets)} needs tickets: call services.AddEventStreaming().AddHttp().AddTickets() before the app is built.");
        var options = new EventStreamTicketEndpointOptions();
        configure?.Invoke(options);
        var bus = EventStreamHttp.RequireBus(services, nameof(MapEventStreamTickets), options.BusName);
        var endpoint = new TicketEndpoint(bus, http, store, options.Topic ?? TopicRoute.Read);
        var builder = endpoints.MapMethods(pattern, [HttpMethods.Post], (RequestDelegate)endpoint.HandleAsync);
        if (options.Topic is null)
        {
            TopicRoute.Require(endpoints, pattern, builder);
        }

        EventStreamDescription.AddTickets(builder);
        return builder;
    }
}
