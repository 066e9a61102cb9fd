using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EventStreaming.AspNetCore;

/// <summary>What all event streams of a host share. Made by <c>AddHttp</c>.</summary>
internal sealed class EventStreamHttp(IOptions<EventStreamHttpOptions> options, IServiceProvider services)
{
    public EventStreamHttpOptions Options { get; } = options.Value;

    public ConnectionLimits Limits { get; } = new(options.Value);

    public SseEncoders Encoders { get; } = new();

    public SocketEncoders SocketEncoders { get; } = new();

    // As the bus has it: the host's clock, if it has one.
    public TimeProvider TimeProvider { get; } = services.GetService<TimeProvider>() ?? TimeProvider.System;

    /// <summary>Whether the host makes tickets. Known here so that a request need not ask: what it asks its services for makes a scope that lasts as long as its stream.</summary>
    public bool HasTickets { get; } = services.GetService<IServiceProviderIsService>()?.IsService(typeof(TicketStore)) ?? true;

    public ILogger Logger { get; } = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("EventStreaming.AspNetCore");

    /// <summary>Whether the host has an authorizer for a bus's topics: else, for the same reason, no request asks for one.</summary>
    public bool HasAuthorizer(string busName) => services.GetService<IServiceProviderIsKeyedService>() is not { } known
        || known.IsKeyedService(typeof(ITopicAuthorizer), busName) || known.IsService(typeof(ITopicAuthorizer));

    /// <summary>What brings topics to a bus: its own, or the host's; null for nothing. A singleton, so it is not the request's services that are asked.</summary>
    public ITopicSource? FindSource(string busName) => services.GetKeyedService<ITopicSource>(busName) ?? services.GetService<ITopicSource>();

    /// <summary>What knows how a bus's topics stand; null for nothing. A singleton, as above.</summary>
    public ITopicSnapshots? FindSnapshots(string busName) => services.GetKeyedService<ITopicSnapshots>(busName);

    /// <summary>What an endpoint needs, or an error that says how to get it.</summary>
    public static EventStreamHttp Require(IServiceProvider services, string map) => services.GetService<EventStreamHttp>()
        ?? throw new InvalidOperationException($"{map} needs its services: call services.AddEventStreaming().AddHttp() before the app is built.");

    /// <summary>What knows how the named bus's topics stand, or an error that says how to get it.</summary>
    public static ITopicSnapshots RequireSnapshots(IServiceProvider services, string map, string name) => services.GetKeyedService<ITopicSnapshots>(name)
        ?? throw new InvalidOperationException(
            $"{map} enables snapshots, which the bus '{name}' does not have: add an ITopicSnapshots with its name as the key, as AddAgents() of EventStreaming.Agents does.");

    /// <summary>The named bus, or an error that says how to get it.</summary>
    public static EventBus RequireBus(IServiceProvider services, string map, string name) => services.GetKeyedService<EventBus>(name)
        ?? throw new InvalidOperationException(
            $"{map} names the bus '{name}', which the host does not have: add it with services.AddEventStreaming(\"{name}\"), or set BusName to one it has.");
}
