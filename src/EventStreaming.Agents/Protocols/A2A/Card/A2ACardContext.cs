using System.Text.Json.Serialization;

namespace EventStreaming.Agents.Protocols;

/// <summary>Source-generated JSON of the agent card, as ProtoJSON names it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(A2AAgentCard))]
internal sealed partial class A2ACardContext : JsonSerializerContext;
