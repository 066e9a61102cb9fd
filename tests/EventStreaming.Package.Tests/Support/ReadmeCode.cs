using System.Globalization;
using System.Text;

namespace EventStreaming.Package.Tests.Support;

/// <summary>A block of C# in a README.</summary>
/// <param name="Readme">The README, from the repository's root.</param>
/// <param name="Heading">The heading it stands under.</param>
/// <param name="FirstLine">The number of its first line, from 1.</param>
/// <param name="Lines">The code.</param>
internal sealed record ReadmeCode(string Readme, string Heading, int FirstLine, string[] Lines)
{
    private static readonly string[] Types = ["class ", "sealed class ", "public sealed class ", "record ", "sealed record ", "public sealed record "];

    /// <summary>A name of its own.</summary>
    public string Name => $"{Readme.Replace('/', '_').Replace('.', '_')}_{FirstLine}";

    /// <summary>The blocks of a README.</summary>
    public static IEnumerable<ReadmeCode> Of(string readme)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, readme));
        var heading = "";
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith('#'))
            {
                heading = lines[i];
            }
            else if (lines[i] is "```csharp")
            {
                var end = Array.IndexOf(lines, "```", i);
                yield return new ReadmeCode(readme, heading, i + 2, lines[(i + 1)..end]);
                i = end;
            }
        }
    }

    /// <summary>The block as a file: its statements in a method, where what a README speaks of is at hand, its types behind it.</summary>
    public string ToSource()
    {
        var types = Array.FindIndex(Lines, line => Types.Any(type => line.StartsWith(type, StringComparison.Ordinal)));
        var body = types < 0 ? Lines.Length : types;
        var source = new StringBuilder();
        foreach (var line in Lines[..body].Where(IsUsing))
        {
            source.AppendLine(line);
        }

        source.AppendLine(CultureInfo.InvariantCulture, $"namespace {Name} {{ using static Surroundings; internal static class Program {{ public static async Task RunAsync(string[] args) {{");
        Append(0, body);
        source.AppendLine("await Task.CompletedTask; } }");
        Append(body, Lines.Length);
        return source.AppendLine("}").ToString();

        void Append(int from, int to)
        {
            for (var i = from; i < to; i++)
            {
                source.AppendLine(CultureInfo.InvariantCulture, $"#line {FirstLine + i} \"{Readme}\"").AppendLine(IsUsing(Lines[i]) ? "" : Lines[i]);
            }

            source.AppendLine("#line default");
        }
    }

    private static bool IsUsing(string line) =>
        line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal) && !line.StartsWith("using var", StringComparison.Ordinal);
}
