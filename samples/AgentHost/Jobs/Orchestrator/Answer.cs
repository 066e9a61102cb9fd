using System.Globalization;
using System.Text;
using Indexing.Files;

namespace AgentHost.Jobs.Orchestrator;

/// <summary>What the model says in the end.</summary>
internal static class Answer
{
    private const int MaxLines = 3;

    public static string Write(IReadOnlyList<PlannedQuery> queries, IReadOnlyList<FileMatch> found, IReadOnlyList<FileMatch> shown, FileCounts counts)
    {
        var asked = string.Join(" and ", queries.Select(static query => $"'{query.Query}'"));
        if (found.Count == 0)
        {
            return $"No file says anything of {asked}. Try other words.\n";
        }

        if (shown.Count == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"All {found.Count:N0} files that say something of {asked} have been shown.\n");
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{found.Count:N0} files say something of {asked}: {found.Sum(static match => match.Hits):N0} hits in {counts.Lines:N0} lines. The best:\n");
        foreach (var match in shown)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{match.Name} ({match.Hits:N0} hits)\n");
            foreach (var hit in match.Lines.Take(MaxLines))
            {
                text.Append(CultureInfo.InvariantCulture, $"  {hit.Line}: {hit.Text}\n");
            }
        }

        return text.ToString();
    }
}
