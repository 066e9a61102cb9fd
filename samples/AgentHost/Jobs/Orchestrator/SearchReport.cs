using System.Globalization;
using System.Text;
using System.Text.Json;
using Indexing.Files;

namespace AgentHost.Jobs.Orchestrator;

/// <summary>What the search tool answers: each query with its results, then what came of all, then a chart.</summary>
internal static class SearchReport
{
    /// <summary>The most files that are named of one query: an event may not grow with the directory.</summary>
    private const int MaxRows = 10;

    public static string Write(IReadOnlyList<PlannedQuery> queries, IReadOnlyList<FileSearch> searches)
    {
        var text = new StringBuilder();
        foreach (var (query, search) in queries.Zip(searches))
        {
            SearchRow[] rows = [.. search.Matches.Take(MaxRows).Select(static match => new SearchRow(match.Name, match.Hits, match.Relevance))];
            text.Append("---QUERY---\n").Append(query.Query)
                .Append("\n---RESULTS---\n").Append(JsonSerializer.Serialize(rows, JobJsonContext.Default.SearchRowArray)).Append('\n');
        }

        var merged = Merge(searches);
        text.Append(CultureInfo.InvariantCulture, $"---ANALYSIS---\n{merged.Count:N0} of {searches[0].Searched:N0} files, {merged.Sum(static match => match.Hits):N0} hits\n");
        if (merged.Count > 0)
        {
            var top = merged.Take(MaxRows).ToArray();
            var chart = new ChartVisualization("bar_chart", new ChartData(
                "Hits per file", [.. top.Select(static match => match.Name)], [.. top.Select(static match => match.Hits)]));
            text.Append("```visualization\n").Append(JsonSerializer.Serialize(chart, JobJsonContext.Default.ChartVisualization)).Append("\n```\n");
        }

        return text.ToString();
    }

    /// <summary>The files of several searches, each once, the most relevant first.</summary>
    public static IReadOnlyList<FileMatch> Merge(IReadOnlyList<FileSearch> searches) => searches.Count == 1 ? searches[0].Matches :
    [
        .. searches
            .SelectMany(static search => search.Matches)
            .GroupBy(static match => match.Name, StringComparer.Ordinal)
            .Select(static group => new FileMatch(
                group.Key,
                group.Max(static match => match.Relevance),
                group.Sum(static match => match.Hits),
                [.. group.SelectMany(static match => match.Lines).DistinctBy(static hit => hit.Line).OrderBy(static hit => hit.Line)]))
            .OrderByDescending(static match => match.Relevance)
            .ThenBy(static match => match.Name, StringComparer.Ordinal),
    ];
}
