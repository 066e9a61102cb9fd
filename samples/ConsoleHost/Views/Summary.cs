using System.Globalization;
using Indexing;

namespace ConsoleHost.Views;

/// <summary>The last lines: what was done, and what became of the events that told it.</summary>
internal static class Summary
{
    public static void Write(Transcript transcript, SessionEnd end, PublishedTally published, IEnumerable<Watch> watches)
    {
        transcript.Line(string.Empty);
        if (end.ExitCode == ExitCodes.Cancelled)
        {
            transcript.Line("Cancelled. Until then:");
        }

        if (end.Result is { } result)
        {
            transcript.Line(Text($"Read {Counted.Of(result.Files, "file")}: {Counted.Of(result.Lines, "line")}, {Counted.Of(result.Words, "word")}"));
            transcript.Line(Text(
                $"Found {Counted.Of(result.Markers, "marker")} and {Counted.Of(result.DuplicateGroups, "duplicated content")}; left out {Counted.Of(result.BinaryFiles, "binary file")} and {Counted.Of(result.UnreadableFiles, "unreadable file")}"));
        }

        transcript.Line(Text($"Published {Counted.Of(published.Events, "event")}, {published.Critical:N0} of them critical"));
        foreach (var watch in watches)
        {
            transcript.Line(Text(
                $"  {watch.Name}: delivered {watch.Delivered:N0}, dropped {watch.Dropped:N0}, filtered {watch.Filtered:N0}, superseded {watch.Superseded:N0}"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
