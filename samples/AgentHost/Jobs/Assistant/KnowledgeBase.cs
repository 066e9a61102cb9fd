using System.Globalization;
using System.Text;
using AgentHost.Jobs.Models;
using EventStreaming.Agents;
using Indexing.Files;

namespace AgentHost.Jobs.Assistant;

/// <summary>Looks for knowledge in a directory's files: each directory in it is a repository, and so is what stands beside them.</summary>
internal sealed class KnowledgeBase(FileTools files)
{
    private const int MaxDocuments = 5;
    private const int MaxRepositories = 50;
    private const string SearchType = "keyword";

    /// <summary>Looks for what a question is about, and tells what was found.</summary>
    public async Task<Knowledge> RetrieveAsync(AgentRun run, string question, string stepId, CancellationToken cancellationToken)
    {
        var repositories = files.List(cancellationToken).Files
            .Select(static file => file.Name.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? file.Name[..slash] : ".")
            .Distinct(StringComparer.Ordinal)
            .Take(MaxRepositories)
            .ToArray();
        using var retrieval = run.StartRetrieval(repositories, SearchType, question, stepId);
        var terms = SearchTerms.Of(question);
        var found = terms.Count == 0 ? [] : (await files.SearchAsync(terms, cancellationToken: cancellationToken)).Matches;
        FileMatch[] documents = [.. found.Take(MaxDocuments)];
        var context = Write(documents);
        retrieval.Complete(
            documents.Length,
            documents.Length == 0 ? null : Math.Round(documents.Average(static document => document.Relevance), 4),
            Tokens.Count(context),
            [.. documents.Select(static document => new KnowledgeSource(document.Name, document.Name, Relevance: document.Relevance))]);
        return new Knowledge(documents, context);
    }

    private static string Write(IEnumerable<FileMatch> documents)
    {
        var text = new StringBuilder();
        foreach (var document in documents)
        {
            text.Append(document.Name).Append('\n');
            foreach (var hit in document.Lines)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {hit.Line}: {hit.Text}\n");
            }
        }

        return text.ToString();
    }
}
