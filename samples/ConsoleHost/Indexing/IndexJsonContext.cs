using System.Text.Json.Serialization;

namespace ConsoleHost.Indexing;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IndexResult))]
[JsonSerializable(typeof(string))]
internal sealed partial class IndexJsonContext : JsonSerializerContext;
