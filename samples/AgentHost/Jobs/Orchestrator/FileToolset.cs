using System.Globalization;
using System.Text.Json;
using AgentHost.Sessions;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Orchestrator;

/// <summary>The tools that the orchestrator calls. Each call is told with the name that viewers know the tool by, and ends with all that it did.</summary>
internal sealed class FileToolset(AgentRun run, Session session, FileTools files)
{
    private const int MaxExcerpt = 600;

    private static readonly ToolNameResolver s_names = new(
    [
        KeyValuePair.Create("search_files", "File Search"),
        KeyValuePair.Create("read_file", "File Reader"),
        KeyValuePair.Create("count", "Counter"),
        KeyValuePair.Create("set_title", "Session Title"),
    ]);

    /// <summary>Looks for what was planned, in one call.</summary>
    /// <returns>The files, the most relevant first, of all queries together.</returns>
    public async Task<IReadOnlyList<FileMatch>> SearchAsync(IReadOnlyList<PlannedQuery> queries, CancellationToken cancellationToken)
    {
        var asked = string.Join("; ", queries.Select(static query => query.Query));
        using var call = Start("search_files", asked, string.Join('\n', queries.Select(static query => query.Reasoning).Distinct(StringComparer.Ordinal)), queries.Select(static query => query.Query));
        try
        {
            var searches = new List<FileSearch>();
            foreach (var query in queries)
            {
                var done = searches.Count;
                searches.Add(await files.SearchAsync(
                    SearchTerms.Of(query.Query), (name, fraction) => TellEach(call, name, (done + fraction) / queries.Count, 1.0 / queries.Count), cancellationToken));
            }

            // A tool that is asked several things answers in the form in which models do.
            var output = StructuredOutput.Parse(SearchReport.Write(queries, searches));
            foreach (var step in output.SubSteps)
            {
                call.AddSubStep(step.ToJson());
            }

            foreach (var visualization in output.Visualizations)
            {
                call.AddVisualization(visualization);
            }

            call.Complete(output.Summary);
            return SearchReport.Merge(searches);
        }
        catch (FileToolException exception)
        {
            call.Fail(exception.Message);
            throw;
        }
    }

    /// <summary>Reads a file that was found.</summary>
    /// <returns>Null when it cannot be read any more; the run goes on without it.</returns>
    public async Task<FileText?> ReadAsync(FileMatch match, CancellationToken cancellationToken)
    {
        using var call = Start("read_file", match.Name, $"It fits to {match.Relevance.ToString("P0", CultureInfo.InvariantCulture)}.", [match.Name]);
        try
        {
            var file = await files.ReadAsync(match.Name, cancellationToken);
            var excerpt = string.Join('\n', match.Lines.Select(static hit => string.Create(CultureInfo.InvariantCulture, $"{hit.Line}: {hit.Text}")));
            call.Complete(
                string.Create(CultureInfo.InvariantCulture, $"{file.Text.Length:N0} characters, {match.Hits:N0} hits{(file.IsCut ? ", cut" : string.Empty)}"),
                excerpt[..Math.Min(excerpt.Length, MaxExcerpt)],
                JobJsonContext.Default.String);
            return file;
        }
        catch (FileToolException exception)
        {
            call.Fail(exception.Message);
            return null;
        }
    }

    /// <summary>Counts files that were found.</summary>
    public async Task<FileCounts> CountAsync(IReadOnlyList<FileMatch> matches, CancellationToken cancellationToken)
    {
        var names = matches.Select(static match => match.Name).ToArray();
        using var call = Start("count", string.Create(CultureInfo.InvariantCulture, $"{names.Length} files"), "How much there is to read tells how well it is documented.", names.Take(10));
        try
        {
            var counts = await files.CountAsync(names, cancellationToken);
            call.Complete(string.Create(CultureInfo.InvariantCulture, $"{counts.Lines:N0} lines, {counts.Words:N0} words"), counts, JobJsonContext.Default.FileCounts);
            return counts;
        }
        catch (FileToolException exception)
        {
            call.Fail(exception.Message);
            return new FileCounts(0, 0, 0, 0);
        }
    }

    /// <summary>Gives the session a title: the one call that changes something.</summary>
    public void SetTitle(string title)
    {
        using var call = Start("set_title", title, "So that the session is found again.", [title]);
        call.MarkAction("set_title");
        session.Title = title;
        call.Complete($"The session is called '{title}'.");
    }

    /// <summary>A tenth of a query is worth telling, a file is not.</summary>
    private static void TellEach(AgentToolCall call, string name, double fraction, double part)
    {
        var tenth = part / 10;
        if (Math.Floor(fraction / tenth) > Math.Floor((fraction - (tenth / 100)) / tenth))
        {
            call.Progress(name, fraction);
        }
    }

    private AgentToolCall Start(string tool, string query, string reasoning, IEnumerable<string> arguments) => run.StartTool(
        tool,
        JsonSerializer.SerializeToElement(new ToolArguments([.. arguments]), JobJsonContext.Default.ToolArguments),
        new AgentToolOptions { Agent = s_names.Resolve(tool), Query = query, Reasoning = reasoning });
}
