using System.Globalization;

namespace ConsoleHost.Views;

/// <summary>A number and what it counts, in words: <c>1 file</c>, <c>1,234 files</c>.</summary>
internal static class Counted
{
    public static string Of(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");
}
