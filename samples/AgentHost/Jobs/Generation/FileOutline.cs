using System.Text.RegularExpressions;
using Indexing.Files;

namespace AgentHost.Jobs.Generation;

/// <summary>What stands in a file, in short.</summary>
/// <param name="Name">The file.</param>
/// <param name="Title">What it is called inside.</param>
/// <param name="Parts">What it has: sections of a document, types and functions of a source.</param>
internal sealed partial record FileOutline(string Name, string Title, IReadOnlyList<string> Parts)
{
    private const int MaxParts = 12;

    private static readonly HashSet<string> Sources = new(
        [".cs", ".fs", ".js", ".mjs", ".ts", ".py", ".java", ".kt", ".go", ".rs", ".c", ".h", ".cpp", ".swift", ".rb", ".php", ".sh"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The directory that it is in; empty for the one at the top.</summary>
    public string Directory => Name.LastIndexOf('/') is var slash and >= 0 ? Name[..slash] : string.Empty;

    public static bool IsOutlined(string name) => IsDocument(name) || Sources.Contains(Path.GetExtension(name));

    public static FileOutline Read(FileText file)
    {
        var parts = (IsDocument(file.Name) ? Headings() : Declarations())
            .Matches(file.Text)
            .Select(static match => match.Groups["name"].Value.Trim())
            .Distinct(StringComparer.Ordinal)
            .Take(MaxParts + 1)
            .ToList();
        return parts.Count == 0
            ? new FileOutline(file.Name, file.Name[(file.Name.LastIndexOf('/') + 1)..], [])
            : new FileOutline(file.Name, parts[0], parts[1..]);
    }

    private static bool IsDocument(string name) => name.EndsWith(".md", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^\#{1,3}[ \t]+(?<name>[^\r\n]{1,120})", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2_000)]
    private static partial Regex Headings();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum|def|func|fn|function|trait)[ \t]+(struct[ \t]+|class[ \t]+)?(?<name>[A-Za-z_]\w{0,80})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 2_000)]
    private static partial Regex Declarations();
}
