using EventStreaming.AspNetCore;
using EventStreaming.AspNetCore.Tests.Support;
using EventStreaming.Client;
using Microsoft.AspNetCore.Builder;

namespace EventStreaming.Faults.Tests.Support;

/// <summary>A host's stream, as a client reads it through a proxy.</summary>
internal static class Site
{
    public const string Topic = "session-1";

    /// <summary>A host whose clients come back at once.</summary>
    public static Task<StreamHost> StartHostAsync(Action<EventStreamingBuilder>? services = null, Action<EventStreamEndpointOptions>? stream = null) =>
        StreamHost.StartAsync(app => Map(app, stream), services);

    public static void Map(WebApplication app, Action<EventStreamEndpointOptions>? stream = null) => app.MapEventStream(StreamHost.Pattern, options =>
    {
        options.RetryInterval = TimeSpan.FromMilliseconds(1);
        stream?.Invoke(options);
    });

    public static Uri Of(Uri host, string query = "") => new(host, StreamHost.PathOf(Topic, query));

    public static RemoteEventStream Read(this EventStreamClient client, FaultProxy proxy) => client.ReadAsync(Of(proxy.Address));
}
