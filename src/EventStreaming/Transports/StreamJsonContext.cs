using System.Text.Json.Serialization;

namespace EventStreaming;

/// <summary>Source-generated JSON for the stream's own payloads and for plain values, so that they need no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Gap))]
[JsonSerializable(typeof(StreamOpening))]
[JsonSerializable(typeof(StreamEnding))]
[JsonSerializable(typeof(UpstreamState))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(decimal))]
[JsonSerializable(typeof(System.Text.Json.JsonElement))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonObject))]
[JsonSerializable(typeof(System.Text.Json.Nodes.JsonArray))]
internal sealed partial class StreamJsonContext : JsonSerializerContext;
