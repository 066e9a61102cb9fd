using System.Text.Json;

namespace EventStreaming.Interop.Tests.Support;

/// <summary>
/// What an EventSource has told its listeners: <c>open</c>, <c>error</c> with its state, or an event. Or what a WebSocket has: <c>open</c>, <c>closed</c> or <c>over</c> with a
/// code, <c>refused</c> with a status, or an event of a topic.
/// </summary>
internal sealed record Seen(string Kind, string? Type, string? Id, JsonElement Data, int ReadyState, string? Topic = null, int Code = 0)
{
    /// <summary>The state in which it comes back by itself.</summary>
    public const int Connecting = 0;

    /// <summary>The state in which it never comes back.</summary>
    public const int Closed = 2;

    /// <summary>What the publisher published.</summary>
    public JsonElement Payload => Data.GetProperty("data");

    public static Seen Parse(string json) => JsonSerializer.Deserialize<Seen>(json, JsonSerializerOptions.Web)!;
}
