using EventStreaming.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>A host whose streams, and one door of its own, speak a protocol.</summary>
internal sealed class ProtocolHost : IAsyncDisposable
{
    /// <summary>The door: a POST that streams.</summary>
    public const string Door = "/door/{topic}";

    private ProtocolHost(StreamHost host, ScriptProtocol protocol) => (Host, Protocol) = (host, protocol);

    public StreamHost Host { get; }

    public ScriptProtocol Protocol { get; }

    public EventBus Bus => Host.Bus;

    public LogRecorder Log => Host.Log;

    public ConnectionLimits Limits => Host.Limits;

    /// <param name="protocol">The protocol; null for one as it comes.</param>
    /// <param name="configure">Sets the stream's options.</param>
    /// <param name="services">Adds to the bus and the host's services.</param>
    /// <param name="clock">For clients that stall: with the small buffers they need; null for none.</param>
    public static async Task<ProtocolHost> StartAsync(
        ScriptProtocol? protocol = null,
        Action<EventStreamEndpointOptions>? configure = null,
        Action<EventStreamingBuilder>? services = null,
        ManualTimeProvider? clock = null)
    {
        protocol ??= new ScriptProtocol();
        void Map(WebApplication app)
        {
            app.MapEventStream(StreamHost.Pattern, options =>
            {
                options.Protocols.Add(protocol);
                configure?.Invoke(options);
            });
            app.MapPost(Door, (string topic) => new EventProtocolResult(protocol, new EventProtocolRequest(topic)));
        }

        return new ProtocolHost(clock is null ? await StreamHost.StartAsync(Map, services) : await StalledClients.StartAsync(clock, Map), protocol);
    }

    public Task<SseStream> OpenAsync(string path) => Host.OpenAsync(path);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
