using System.Globalization;
using System.Text;

namespace Indexing;

/// <summary>What the queen has to say at the end.</summary>
internal static class SummaryText
{
    /// <summary>The most markers, and groups of duplicates, that are named one by one.</summary>
    private const int MaxNamed = 10;

    /// <summary>The most files that are named of one group: an event may not grow with the directory.</summary>
    private const int MaxNamedInGroup = 4;

    public static string Compose(IndexTally tally, int planned)
    {
        var text = new StringBuilder();
        Line(text, $"Looked at {tally.Files:N0} of {planned:N0} files: {tally.TextFiles:N0} text, {tally.BinaryFiles:N0} binary, {tally.UnreadableFiles:N0} unreadable.");

        var kinds = tally.Markers
            .CountBy(static found => found.Marker.Kind)
            .OrderByDescending(static kind => kind.Value)
            .ThenBy(static kind => kind.Key, StringComparer.Ordinal)
            .Select(static kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Value:N0}"));
        List(
            text,
            tally.MarkerCount == 0 ? "Markers: none." : $"Markers: {string.Join(", ", kinds)}.",
            [.. tally.Markers.Take(MaxNamed + 1).Select(static found => string.Create(CultureInfo.InvariantCulture, $"{found.File}:{found.Marker.Line} {found.Marker.Kind}"))],
            tally.MarkerCount);

        var duplicates = tally.Duplicates;
        List(
            text,
            duplicates.Count == 0 ? "Duplicates: none." : string.Create(CultureInfo.InvariantCulture, $"Duplicates: {duplicates.Count:N0} contents in several files."),
            [.. duplicates.Take(MaxNamed).Select(Describe)],
            duplicates.Count);
        return text.ToString();
    }

    /// <summary>Cuts a text into the pieces in which it is streamed: words, each with the blanks behind it.</summary>
    public static IEnumerable<string> Pieces(string text)
    {
        var begin = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsWhiteSpace(text[i - 1]) && !char.IsWhiteSpace(text[i]))
            {
                yield return text[begin..i];
                begin = i;
            }
        }

        if (begin < text.Length)
        {
            yield return text[begin..];
        }
    }

    private static string Describe(IReadOnlyList<string> names)
    {
        var named = string.Join(" = ", names.Take(MaxNamedInGroup));
        return names.Count <= MaxNamedInGroup
            ? named
            : string.Create(CultureInfo.InvariantCulture, $"{named} = {names.Count - MaxNamedInGroup:N0} more");
    }

    private static void List(StringBuilder text, string heading, IReadOnlyList<string> items, int count)
    {
        Line(text, $"{heading}");
        foreach (var item in items.Take(MaxNamed))
        {
            Line(text, $"  {item}");
        }

        if (count > MaxNamed)
        {
            Line(text, $"  and {count - MaxNamed:N0} more");
        }
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
