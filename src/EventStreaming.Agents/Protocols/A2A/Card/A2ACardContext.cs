using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>Source-generated JSON of the agent card, as ProtoJSON names it.</summary>
[JsonSerializable(typeof(A2AAgentCard))]
internal sealed partial class A2ACardContext : JsonSerializerContext
{
    /// <summary>With <c>HTTP+JSON</c> as it is, and not as <c>HTTP\u002BJSON</c>.</summary>
    public static A2ACardContext Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
