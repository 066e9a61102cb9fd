using EventStreaming;
using EventStreaming.Agents;

namespace AgentHost.Endpoints;

/// <summary>What may be watched: a session, and one worker in it.</summary>
internal static class StreamEndpoints
{
    public static void MapStreams(this IEndpointRouteBuilder sessions)
    {
        var services = sessions.ServiceProvider;
        sessions.MapEventStream("{id}/events", stream =>
        {
            stream.Topic = SessionOf;
            stream.ConfigureSubscription = WatchSession;
            stream.EnableSnapshots = true;
            stream.Formats.Add(CloudEventsEncoder.Default);
            stream.Protocols.Add(services.GetRequiredService<AgUiProtocol>());
            stream.Protocols.Add(services.GetRequiredService<A2AProtocol>());
            stream.Protocols.Add(services.GetRequiredService<AiSdkProtocol>());
            stream.ProtocolRunId = RunOf;
        });
        sessions.MapEventStream("{id}/workers/{workerId}/events", static stream =>
        {
            stream.Topic = SessionOf;
            stream.ConfigureSubscription = WatchWorker;
        });

        // A client says on the socket which sessions it watches, be it this one or several.
        sessions.MapEventSocket("{id}/ws", static socket => socket.ConfigureSubscription = WatchSession);
    }

    private static string? SessionOf(HttpContext context) => context.GetRouteValue("id") as string;

    private static string? RunOf(HttpContext context) => context.Request.Query["run"] is [{ Length: > 0 } run] ? run : null;

    /// <summary>
    /// A session goes on when a run ends: others may be at work, and more may come. Who wants to see one run to its end names it.
    /// </summary>
    private static void WatchSession(HttpContext context, SubscriptionOptions subscription)
    {
        // A protocol knows itself which runs belong to the one it shows.
        subscription.RunId = context.Request.Query["format"] is ["ag-ui" or "a2a" or "ai-sdk"] ? null : RunOf(context);
        subscription.EndOnTerminal = subscription.RunId is not null;
    }

    /// <summary>All that a worker says, from its beginning: who learns of a worker comes when it is at work already.</summary>
    private static void WatchWorker(HttpContext context, SubscriptionOptions subscription)
    {
        subscription.Source = StreamEvent.WorkerPrefix + context.GetRouteValue("workerId");
        subscription.From ??= EventCursor.Start;
    }
}
