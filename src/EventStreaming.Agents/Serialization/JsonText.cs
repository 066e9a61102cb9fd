using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace EventStreaming.Agents.Serialization;

/// <summary>Makes JSON values that may be kept and written again, of text that others wrote.</summary>
internal static class JsonText
{
    // What readers take by default is 64 levels, and what is read here is written again within an event within a frame.
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 48 };

    /// <summary>Reads one JSON value.</summary>
    /// <returns>False when it is none, or nested more than 48 levels deep.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out JsonElement value)
    {
        value = default;
        if (!Utf8.IsValid(utf8))
        {
            return false;
        }

        try
        {
            value = JsonElement.Parse(MendSurrogates(utf8), s_options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static JsonElement Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    public static JsonElement Of(string text) => Write(writer => writer.WriteStringValue(text));

    /// <summary>Text that is JSON's object or list as that, other text as a string.</summary>
    public static JsonElement OfContent(string text) =>
        text.AsSpan().TrimStart() is ['{' or '[', ..] && TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var value) ? value : Of(text);

    /// <summary>
    /// Puts U+FFFD where an escape is half of a surrogate pair, as of an emoji that a producer cut in two: the half cannot be written again, and
    /// would make a whole event unreadable.
    /// </summary>
    private static ReadOnlySpan<byte> MendSurrogates(ReadOnlySpan<byte> utf8)
    {
        byte[]? mended = null;
        for (var at = 0; at < utf8.Length; at++)
        {
            if (utf8[at] != '\\')
            {
                continue;
            }

            var code = EscapedCode(utf8[at..]);
            if (code is >= 0xD800 and <= 0xDBFF && EscapedCode(utf8[Math.Min(utf8.Length, at + 6)..]) is >= 0xDC00 and <= 0xDFFF)
            {
                at += 11;
            }
            else if (code is >= 0xD800 and <= 0xDFFF)
            {
                mended ??= utf8.ToArray();
                "\\ufffd"u8.CopyTo(mended.AsSpan(at));
                at += 5;
            }
            else
            {
                at++;
            }
        }

        return mended ?? utf8;
    }

    private static int EscapedCode(ReadOnlySpan<byte> utf8) =>
        utf8 is [(byte)'\\', (byte)'u', _, _, _, _, ..] && Utf8Parser(utf8[2..6]) is { } code ? code : -1;

    private static int? Utf8Parser(ReadOnlySpan<byte> digits) =>
        System.Buffers.Text.Utf8Parser.TryParse(digits, out int code, out var read, 'x') && read == digits.Length ? code : null;
}
