using System.Text;
using System.Text.Json;

namespace EventStreaming.Agents.Tests.Support;

/// <summary>Events as a line of text each: the type, then the payload's JSON, as a reader would get it.</summary>
internal static class Wire
{
    public static string Of(EventDraft draft) => Of(draft.Type, draft.Data);

    public static string Of(string type, object? data) => data switch
    {
        null => type,
        JsonPayload json => $"{type} {json}",
        JsonElement json => $"{type} {json.GetRawText()}",
        _ => $"{type} {Serialize(type, data)}",
    };

    public static string[] Of(IEnumerable<EventDraft> drafts) => [.. drafts.Select(Of)];

    /// <summary>What is expected.</summary>
    public static string[] Lines(params string[] lines) => lines;

    private static string Serialize(string type, object data)
    {
        var info = AgentEvents.Catalog.TryGet(type, out var declared) ? declared.JsonTypeInfo! : throw new ArgumentException($"'{type}' is not declared.", nameof(type));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonSerializer.Serialize(writer, data, info);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
