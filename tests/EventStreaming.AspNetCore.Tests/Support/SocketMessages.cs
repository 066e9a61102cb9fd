using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace EventStreaming.AspNetCore.Tests.Support;

/// <summary>What is in a socket's messages, and hosts that have one.</summary>
internal static class SocketMessages
{
    public static string Text(this JsonElement message, string name) => message.GetProperty(name).GetString()!;

    public static string Topic(this JsonElement message) => message.Text("topic");

    public static string EventType(this JsonElement message) => message.Text("type");

    public static string Reply(this JsonElement message) => message.Text("reply");

    public static int Status(this JsonElement message) => message.GetProperty("status").GetInt32();

    /// <summary>What the publisher published.</summary>
    public static JsonElement Data(this JsonElement message) => message.GetProperty("event").GetProperty("data");

    public static Task<StreamHost> StartAsync(
        Action<EventSocketEndpointOptions>? options = null, Action<EventStreamingBuilder>? services = null, Action<WebApplicationBuilder>? configure = null) =>
        StreamHost.StartAsync(app => app.MapEventSocket(SocketClient.Path, options), services, configure);
}
