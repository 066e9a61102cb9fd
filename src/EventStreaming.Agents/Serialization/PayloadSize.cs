using System.Runtime.InteropServices;
using System.Text.Json;

namespace EventStreaming.Agents.Serialization;

/// <summary>What a payload counts towards the limits in bytes: its object and the text it holds on to.</summary>
internal static class PayloadSize
{
    /// <summary>Bytes counted for the payload object itself.</summary>
    public const int Base = 64;

    public static int Of(params ReadOnlySpan<string?> texts)
    {
        var size = (long)Base;
        foreach (var text in texts)
        {
            size += (text?.Length ?? 0) * (long)sizeof(char);
        }

        return (int)Math.Min(size, int.MaxValue / 8);
    }

    public static int Of(JsonElement? json) =>
        json is { ValueKind: not JsonValueKind.Undefined } element ? JsonMarshal.GetRawUtf8Value(element).Length : 0;

    public static int Of(IReadOnlyList<JsonElement>? items)
    {
        var size = 0L;
        foreach (var item in items ?? [])
        {
            size += Of(item);
        }

        return (int)Math.Min(size, int.MaxValue / 8);
    }

    public static int Of(IReadOnlyList<string>? texts)
    {
        var size = 0L;
        foreach (var text in texts ?? [])
        {
            size += text.Length * (long)sizeof(char);
        }

        return (int)Math.Min(size, int.MaxValue / 8);
    }

    public static int Of(IReadOnlyDictionary<string, string> texts)
    {
        var size = 0L;
        foreach (var (name, text) in texts)
        {
            size += (name.Length + text.Length) * (long)sizeof(char);
        }

        return (int)Math.Min(size, int.MaxValue / 8);
    }

    public static int Of(IReadOnlyList<KnowledgeSource>? sources)
    {
        var size = 0L;
        foreach (var source in sources ?? [])
        {
            size += Of(source.Id, source.Title, source.Uri, source.MediaType);
        }

        return (int)Math.Min(size, int.MaxValue / 8);
    }
}
