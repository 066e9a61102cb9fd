using System.Text;
using Indexing.Files;

namespace AgentHost.Jobs.Orchestrator;

/// <summary>
/// The model that plans: by rules, so that the same question is always planned in the same way. It answers as orchestrating models do, with its thoughts in marked blocks.
/// </summary>
internal static class Planner
{
    /// <summary>The most queries that a question is taken apart into.</summary>
    private const int MaxQueries = 4;

    private static readonly string[] Separators = ["?", ";", "\n", " and also ", " as well as ", " and "];

    private static readonly HashSet<string> GoOn = new(["more", "go on", "continue", "next", "and", "show more"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a question goes on with the turn before.</summary>
    public static bool IsFollowUp(string question) => GoOn.Contains(question.Trim(' ', '.', '!', '?', '…'));

    /// <summary>What the model says to a question.</summary>
    /// <returns>Null when there is nothing in it that could be looked for.</returns>
    public static string? Plan(string question)
    {
        var queries = question
            .Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(SearchTerms.Of)
            .Where(static terms => terms.Count > 0)
            .Select(static terms => string.Join(' ', terms))
            .Distinct(StringComparer.Ordinal)
            .Take(MaxQueries)
            .ToArray();
        return queries.Length == 0 ? null : Write(queries.Select(static query => (query, Why(query))));
    }

    /// <summary>What the model says when it goes on with a turn.</summary>
    public static string Continue(Turn turn) =>
        Write(turn.Queries.Select(query => (query.Query, FormattableString.Invariant($"Going on behind the {turn.Shown.Count} files that were shown."))));

    private static string Why(string query) => query.Contains(' ', StringComparison.Ordinal)
        ? $"Files that have several of '{query}' fit better than files with one of them."
        : $"The files that have '{query}' most often say most of it.";

    private static string Write(IEnumerable<(string Query, string Reasoning)> queries)
    {
        var text = new StringBuilder("[ORCHESTRATOR_THINKING]\n");
        foreach (var (query, reasoning) in queries)
        {
            text.Append("Query: ").Append(query).Append("\nReasoning: ").Append(reasoning).Append('\n');
        }

        return text.Append("[/ORCHESTRATOR_THINKING]").ToString();
    }
}
