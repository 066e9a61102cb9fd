using AgentHost.Protocols.A2A;
using AgentHost.Protocols.AgUi;
using AgentHost.Protocols.AiSdk;

namespace AgentHost.Protocols;

/// <summary>The doors at which clients of agent protocols knock.</summary>
internal static class DoorEndpoints
{
    public static void AddDoors(this IServiceCollection services)
    {
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
