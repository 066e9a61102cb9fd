namespace Indexing.Files;

/// <summary>What a search found.</summary>
/// <param name="Terms">What was looked for.</param>
/// <param name="Searched">How many text files were looked at.</param>
/// <param name="Matches">The files in which something was found, the most relevant first.</param>
public sealed record FileSearch(IReadOnlyList<string> Terms, int Searched, IReadOnlyList<FileMatch> Matches);
