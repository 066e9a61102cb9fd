using AgentHost.Protocols.A2A;
using AgentHost.Protocols.AgUi;
using AgentHost.Protocols.AiSdk;
using EventStreaming.Agents;

namespace AgentHost.Protocols;

/// <summary>The doors at which clients of agent protocols knock.</summary>
internal static class DoorEndpoints
{
    public static void AddDoors(this IServiceCollection services)
    {
        // One of each: an event is written once for all its viewers.
        services.AddSingleton<AgUiProtocol>();
        services.AddSingleton<A2AProtocol>();
        services.AddSingleton<AiSdkProtocol>();
        services.AddSingleton<Door>();
        services.AddSingleton<Conversations>();
        services.AddSingleton<A2ATasks>();
    }

    public static void MapDoors(this IEndpointRouteBuilder routes)
    {
        routes.MapAgUi();
        routes.MapChat();
        routes.MapA2A();
    }
}
