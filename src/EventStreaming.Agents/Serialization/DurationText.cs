using System.Buffers;
using System.Globalization;

namespace EventStreaming.Agents.Serialization;

/// <summary>Durations as people write them: <c>450ms</c>, <c>2.5s</c>, <c>1m 5s</c>, or a bare number of milliseconds.</summary>
internal static class DurationText
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    public static TimeSpan? Parse(string text)
    {
        var total = 0d;
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            return null;
        }

        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(NumberCharacters);
            if (digits < 0)
            {
                digits = rest.Length;
            }

            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            rest = rest[digits..].TrimStart();
            var letters = rest.IndexOfAnyExceptInRange('a', 'z');
            var unit = letters < 0 ? rest : rest[..letters];
            if (Scale(unit) is not { } scale)
            {
                return null;
            }

            total += number * scale;
            rest = rest[unit.Length..].TrimStart();
        }

        return JsonFields.Milliseconds(total);
    }

    private static double? Scale(ReadOnlySpan<char> unit) => unit switch
    {
        "" or "ms" => 1,
        "s" or "sec" or "secs" or "seconds" => 1_000,
        "m" or "min" or "mins" or "minutes" => 60_000,
        "h" or "hours" => 3_600_000,
        _ => null,
    };
}
