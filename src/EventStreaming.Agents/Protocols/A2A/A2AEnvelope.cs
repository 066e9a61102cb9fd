using System.Text.Json;

namespace EventStreaming.Agents.Protocols;

/// <summary>What every frame of a stream stands in: nothing (HTTP+JSON), or a JSON-RPC response to the request with some id.</summary>
/// <param name="Head">What comes before.</param>
/// <param name="Tail">What comes behind.</param>
internal sealed record A2AEnvelope(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Tail)
{
    public static A2AEnvelope None { get; } = new(default, default);

    public static A2AEnvelope JsonRpc(JsonElement id)
    {
        var head = new JsonBuffer();
        head.Json.WriteStartObject();
        head.Json.WriteString("jsonrpc"u8, "2.0"u8);
        head.Json.WritePropertyName("id"u8);
        id.WriteTo(head.Json);
        head.Json.WritePropertyName("result"u8);
        return new A2AEnvelope(head.Written.ToArray(), "}"u8.ToArray());
    }
}
