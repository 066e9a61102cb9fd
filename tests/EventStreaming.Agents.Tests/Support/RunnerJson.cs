using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace EventStreaming.Agents.Tests.Support;

[JsonSerializable(typeof(JsonElement))]
internal sealed partial class RunnerJson : JsonSerializerContext
{
    public static JsonTypeInfo<JsonElement> Element => Default.JsonElement;
}
