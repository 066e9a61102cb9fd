using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EventStreaming.Agents.Serialization;

namespace EventStreaming.Agents.Mapping;

/// <summary>The parts of an A2A message or artifact: <c>text</c>, <c>data</c>, <c>raw</c> and <c>url</c>.</summary>
internal static class A2AParts
{
    public static string TextOf(JsonElement container)
    {
        var text = new StringBuilder();
        foreach (var part in PartsOf(container))
        {
            if (part.Find("text") is { ValueKind: JsonValueKind.String } words)
            {
                text.Append(words.AsText());
            }
        }

        return text.ToString();
    }

    /// <summary>The first part that is data.</summary>
    public static JsonElement? DataOf(JsonElement container) =>
        PartsOf(container).Select(static part => part.Find("data")).FirstOrDefault(static data => data is not null)?.Clone();

    /// <summary>The one value that a container holds: data, or text as that.</summary>
    public static JsonElement? ValueOf(JsonElement container) => DataOf(container) ?? (container.Find("parts") is null ? null : JsonText.Of(TextOf(container)));

    /// <summary>The form that an answer shall have, where a question says it.</summary>
    public static JsonElement? SchemaOf(JsonElement message) => DataOf(message) is { } data ? data.Kept("schema", "response_schema") ?? data : null;

    /// <summary>The parts that are no text.</summary>
    public static IEnumerable<JsonElement> OthersOf(JsonElement container) =>
        PartsOf(container).Where(static part => part.Find("text") is null && part.Find("data", "url", "raw", "file") is not null);

    /// <summary>A part as it is kept for the run's result. A file's bytes are not: their address is, or their number.</summary>
    public static JsonElement Keep(JsonElement part, string artifactId, string? name, int maxBytes) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("artifact_id", AttributeText.Fit(artifactId));
        if (name is { Length: <= 512 })
        {
            writer.WriteString("name", name);
        }

        var file = part.FindObject("file") ?? part;
        foreach (var (key, value) in new[] { ("filename", file.Words("filename", "name")), ("media_type", file.Words("media_type", "mime_type")), ("url", file.Words("url", "uri")) })
        {
            if (value is { Length: <= 2_048 })
            {
                writer.WriteString(key, value);
            }
        }

        if (part.Find("data") is { } data)
        {
            var size = JsonMarshal.GetRawUtf8Value(data).Length;
            writer.WritePropertyName("data");
            if (size <= maxBytes)
            {
                data.WriteTo(writer);
            }
            else
            {
                writer.WriteStringValue($"{size} bytes of JSON, left out.");
            }
        }
        else if (file.Text("raw", "bytes") is { } raw)
        {
            writer.WriteNumber("size", Math.Max(0, Base64.GetMaxDecodedFromUtf8Length(raw.Length) - raw.AsSpan().Count('=')));
        }

        writer.WriteEndObject();
    });

    private static IEnumerable<JsonElement> PartsOf(JsonElement container) =>
        container.Each("parts").Where(static part => part.ValueKind is JsonValueKind.Object);
}
