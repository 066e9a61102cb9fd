using System.Text.Json.Serialization;

namespace Indexing;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IndexResult))]
[JsonSerializable(typeof(string))]
public sealed partial class IndexJsonContext : JsonSerializerContext;
