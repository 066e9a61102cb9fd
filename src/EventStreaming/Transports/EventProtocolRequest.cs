using System.Text.Json;

namespace EventStreaming;

/// <summary>What one connection wants to see in a protocol.</summary>
/// <param name="Topic">The topic.</param>
public sealed record EventProtocolRequest(string Topic)
{
    /// <summary>The run to follow, and those it started; null for whatever runs there are in the topic.</summary>
    public string? RunId { get; init; }

    /// <summary>What the client sent with its request, in the protocol's own form, so that it is not sent again what it has; null for nothing.</summary>
    public JsonElement? Input { get; init; }
}
