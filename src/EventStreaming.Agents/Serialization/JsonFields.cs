using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace EventStreaming.Agents.Serialization;

/// <summary>
/// Reads fields of JSON that others wrote: a name is found as <c>snake_case</c>, <c>camelCase</c> or <c>kebab-case</c>, a value of another type
/// than was hoped for is read as what it can be, and nothing throws.
/// </summary>
internal static class JsonFields
{
    /// <summary>The first of the fields that is there and not null.</summary>
    public static JsonElement? Find(this JsonElement json, params ReadOnlySpan<string> names)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var name in names)
        {
            foreach (var property in json.EnumerateObject())
            {
                if (property.Value.ValueKind != JsonValueKind.Null && IsNamed(property, name))
                {
                    return property.Value;
                }
            }
        }

        return null;
    }

    public static JsonElement? FindObject(this JsonElement json, params ReadOnlySpan<string> names) =>
        json.Find(names) is { ValueKind: JsonValueKind.Object } found ? found : null;

    /// <summary>A field as text: a string as it is, a number or truth value as it was written; null when there is none, or it is a list or an object.</summary>
    public static string? Text(this JsonElement json, params ReadOnlySpan<string> names) => json.Find(names)?.AsText();

    /// <summary>As <see cref="Text"/>, but null for a text without letters, too.</summary>
    public static string? Words(this JsonElement json, params ReadOnlySpan<string> names) =>
        json.Text(names) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    public static string? AsText(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => ReadString(value),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    /// <summary>Any value as text: what has no text of its own as the JSON it is.</summary>
    public static string AsAnyText(this JsonElement value) => value.AsText() ?? value.GetRawText();

    public static double? Number(this JsonElement json, params ReadOnlySpan<string> names) => json.Find(names)?.AsNumber();

    public static double? AsNumber(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        JsonValueKind.String when double.TryParse(ReadString(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        _ => null,
    };

    public static long? Integer(this JsonElement json, params ReadOnlySpan<string> names) =>
        json.Number(names) is { } number && Math.Abs(number) < long.MaxValue ? (long)number : null;

    public static int? Int(this JsonElement json, params ReadOnlySpan<string> names) =>
        json.Integer(names) is { } number ? (int)Math.Clamp(number, int.MinValue, int.MaxValue) : null;

    public static bool Flag(this JsonElement json, params ReadOnlySpan<string> names) => json.Find(names) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.String } text => string.Equals(ReadString(text), "true", StringComparison.OrdinalIgnoreCase),
        { ValueKind: JsonValueKind.Number } number => number.AsNumber() is not 0,
        _ => false,
    };

    /// <summary>A duration: a number is milliseconds; a text may say <c>ms</c>, <c>s</c> or <c>1m 5s</c>.</summary>
    public static TimeSpan? Duration(this JsonElement json, params ReadOnlySpan<string> names) => json.Find(names) switch
    {
        { ValueKind: JsonValueKind.Number } number => Milliseconds(number.AsNumber()),
        { ValueKind: JsonValueKind.String } text => DurationText.Parse(ReadString(text)),
        _ => null,
    };

    public static TimeSpan? Milliseconds(double? value) =>
        value is >= 0 and < 1e14 ? TimeSpan.FromTicks((long)Math.Round(value.Value * TimeSpan.TicksPerMillisecond)) : null;

    /// <summary>A list's items as text; one value that is no list is a list of one.</summary>
    public static IReadOnlyList<string>? Texts(this JsonElement json, params ReadOnlySpan<string> names) => json.Find(names) switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(AsAnyText)],
        { } value => [value.AsAnyText()],
        _ => null,
    };

    /// <summary>A list's items, to be kept; one value that is no list is a list of one.</summary>
    public static IReadOnlyList<JsonElement>? Items(this JsonElement json, params ReadOnlySpan<string> names) => json.Find(names) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength() == 0 ? null : [.. list.EnumerateArray().Select(static item => item.Clone())],
        { } value => [value.Clone()],
        _ => null,
    };

    /// <summary>A list's items; none when it is no list, or not there.</summary>
    public static JsonElement.ArrayEnumerator Each(this JsonElement json, params ReadOnlySpan<string> names) =>
        json.Find(names) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : default;

    /// <summary>A field to be kept: a copy, so that what it was part of is not kept with it.</summary>
    public static JsonElement? Kept(this JsonElement json, params ReadOnlySpan<string> names) => json.Find(names)?.Clone();

    /// <summary>The fields beside those named, as one object; null when there are none.</summary>
    public static JsonElement? Rest(this JsonElement json, params ReadOnlySpan<string> names)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var rest = new List<JsonProperty>();
        foreach (var property in json.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Null && !IsAny(property, names))
            {
                rest.Add(property);
            }
        }

        return rest.Count == 0 ? null : JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var property in rest)
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>How much is done, from 0 to 1, of a value that may be a fraction or a percentage.</summary>
    public static double? Fraction(this JsonElement json)
    {
        if (json.Number("percentage", "percent", "pct") is { } percent)
        {
            return Math.Clamp(percent / 100, 0, 1);
        }

        return json.Number("fraction", "progress", "ratio") is { } value ? Math.Clamp(value > 1 ? value / 100 : value, 0, 1) : null;
    }

    private static bool IsAny(JsonProperty property, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (IsNamed(property, name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNamed(JsonProperty property, string name)
    {
        // The raw name: asking for its text throws when it has half of a surrogate pair.
        var actual = JsonMarshal.GetRawUtf8PropertyName(property);
        var at = 0;
        foreach (var expected in name)
        {
            if (expected is '_')
            {
                continue;
            }

            while (at < actual.Length && actual[at] is (byte)'_' or (byte)'-')
            {
                at++;
            }

            if (at == actual.Length || (actual[at] is >= (byte)'A' and <= (byte)'Z' ? actual[at] | 0x20 : actual[at]) != expected)
            {
                return false;
            }

            at++;
        }

        while (at < actual.Length && actual[at] is (byte)'_' or (byte)'-')
        {
            at++;
        }

        return at == actual.Length;
    }

    private static string ReadString(JsonElement value)
    {
        try
        {
            return value.GetString() ?? string.Empty;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are not UTF-8, in JSON that was parsed elsewhere.
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)[1..^1]);
        }
    }
}
