using System.Globalization;
using System.Text.RegularExpressions;

namespace ConsoleHost.Tests.Support;

/// <summary>What the program did.</summary>
internal sealed record HostResult(int ExitCode, IReadOnlyList<string> Lines, string Errors)
{
    public string Output => string.Join('\n', Lines);

    /// <summary>How many events were published.</summary>
    public (long Events, long Critical) Published
    {
        get
        {
            var match = Match("^Published (?<events>[0-9,]+) events, (?<critical>[0-9,]+) of them critical$");
            return (Number(match, "events"), Number(match, "critical"));
        }
    }

    /// <summary>What became of them for one reader.</summary>
    public ReaderCounters CountersOf(string reader)
    {
        var match = Match(
            $"^  {Regex.Escape(reader)}: delivered (?<delivered>[0-9,]+), dropped (?<dropped>[0-9,]+), filtered (?<filtered>[0-9,]+), superseded (?<superseded>[0-9,]+)$");
        return new ReaderCounters(Number(match, "delivered"), Number(match, "dropped"), Number(match, "filtered"), Number(match, "superseded"));
    }

    /// <summary>The number in the group <c>n</c>.</summary>
    public static long Number(Match match) => Number(match, "n");

    private static long Number(Match match, string group) =>
        long.Parse(match.Groups[group].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private Match Match(string pattern) =>
        Regex.Match(Output, pattern, RegexOptions.Multiline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
}
