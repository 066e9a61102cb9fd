using System.Diagnostics.CodeAnalysis;
using EventStreaming;
using EventStreaming.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps event streams.</summary>
public static class EventStreamEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps a topic's events as server-sent events, for GET. A client that reconnects gets what it missed; one that is new gets what is
    /// replayed to newcomers; when the topic is over and the client has had all of it, the answer is 204, which keeps an EventSource away.
    /// </summary>
    /// <param name="endpoints">The app, or a group.</param>
    /// <param name="pattern">The route, with a parameter <c>{topic}</c> unless <see cref="EventStreamEndpointOptions.Topic"/> is set.</param>
    /// <param name="configure">Sets options; null for the defaults.</param>
    /// <returns>For conventions such as <c>RequireAuthorization</c>, <c>RequireCors</c> and <c>RequireRateLimiting</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>AddHttp</c> was not called, there is no bus of that name, or it has no snapshots to enable.</exception>
    /// <exception cref="ArgumentException">The pattern has no such parameter, or an option is out of its range.</exception>
    public static IEndpointConventionBuilder MapEventStream(
        this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern, Action<EventStreamEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        var http = EventStreamHttp.Require(endpoints.ServiceProvider, nameof(MapEventStream));
        var options = new EventStreamEndpointOptions();
        configure?.Invoke(options);
        options.Validate();
        var bus = EventStreamHttp.RequireBus(endpoints.ServiceProvider, nameof(MapEventStream), options.BusName);
        var snapshots = options.EnableSnapshots ? EventStreamHttp.RequireSnapshots(endpoints.ServiceProvider, nameof(MapEventStream), bus.Name) : null;
        var topicOf = options.Topic ?? TopicRoute.Read;
        var endpoint = new EventStreamEndpoint(bus, http, options, snapshots, topicOf);
        var builder = endpoints.MapMethods(pattern, [HttpMethods.Get], (RequestDelegate)endpoint.HandleAsync);
        if (options.Topic is null)
        {
            TopicRoute.Require(endpoints, pattern, builder);
        }

        // A stream is neither late nor to be kept.
        builder.WithMetadata(
            new EventStreamMetadata(bus.Name, topicOf), new DisableRequestTimeoutAttribute(), new OutputCacheAttribute { NoStore = true });
        EventStreamDescription.AddStream(builder);
        return builder;
    }
}
