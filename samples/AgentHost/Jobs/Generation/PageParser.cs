using EventStreaming.Agents;

namespace AgentHost.Jobs.Generation;

/// <summary>Reads the files in a model's answer.</summary>
internal static class PageParser
{
    /// <exception cref="AgentRunException">The answer does not begin with a file.</exception>
    public static IReadOnlyList<PageChange> Parse(string answer)
    {
        var parts = ('\n' + answer).Split('\n' + PageModel.FileMark);
        return parts[0].Trim().Length > 0
            ? throw new AgentRunException("The model's answer does not begin with a file.")
            : [.. parts.Skip(1).Select((part, i) => ParseFile(i + 2 < parts.Length ? part + '\n' : part))];
    }

    private static PageChange ParseFile(string part)
    {
        var end = part.IndexOf('\n', StringComparison.Ordinal);
        var text = end < 0 ? string.Empty : part[(end + 1)..];
        return new PageChange(end < 0 ? part : part[..end], text.StartsWith(PageModel.Removed, StringComparison.Ordinal) ? null : text);
    }
}
