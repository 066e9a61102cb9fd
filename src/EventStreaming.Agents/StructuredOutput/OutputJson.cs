using System.Text.Json;

namespace EventStreaming.Agents;

/// <summary>JSON that a model wrote, which may be anything.</summary>
internal static class OutputJson
{
    /// <summary>Parses an object or array; surrounding white space and a fence around it are left out.</summary>
    /// <returns>Null when it is none, also when it holds text that is not Unicode.</returns>
    public static JsonElement? TryParse(ReadOnlySpan<char> text)
    {
        text = WithoutFence(text.Trim());
        return text is ['{', .., '}'] or ['[', .., ']'] ? TryParseAny(text) : null;
    }

    /// <summary>Parses any JSON.</summary>
    /// <returns>Null when it is none, also when it holds text that is not Unicode.</returns>
    public static JsonElement? TryParseAny(ReadOnlySpan<char> text)
    {
        try
        {
            var element = JsonElement.Parse(text);
            return IsUnicode(element) ? element : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The visualization that the results of a query become: they, and the query.</summary>
    public static JsonElement ResultsOf(string query, JsonElement results, string type) => Build(type, writer =>
    {
        if (results.ValueKind == JsonValueKind.Array)
        {
            writer.WritePropertyName("rows");
            results.WriteTo(writer);
        }
        else
        {
            foreach (var property in results.EnumerateObject().Where(static property => !property.NameEquals("query")))
            {
                property.WriteTo(writer);
            }
        }

        writer.WriteString("query", query);
    });

    /// <summary>The visualization that citations become.</summary>
    public static JsonElement DocumentsOf(string citations) => Build("documents", writer => writer.WriteString("citations", citations));

    /// <summary>A text property, or null when there is none, also none of that kind.</summary>
    public static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement Build(string type, Action<Utf8JsonWriter> writeData)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteStartObject("data");
            writeData(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static ReadOnlySpan<char> WithoutFence(ReadOnlySpan<char> text)
    {
        var line = text.IndexOf('\n');
        return line > 0 && text.StartsWith("```") && text[line..].EndsWith("```") ? text[line..^3].Trim() : text;
    }

    // An escape such as \ud800 alone parses, and throws only when its text is wanted or written: in a viewer's connection.
    public static bool IsUnicode(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.Object => element.EnumerateObject().All(static property => property.Name is not null && IsUnicode(property.Value)),
                JsonValueKind.Array => element.EnumerateArray().All(IsUnicode),
                JsonValueKind.String => element.GetString() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
