namespace Indexing.Files;

/// <summary>A file in which terms were found.</summary>
/// <param name="Name">The file.</param>
/// <param name="Relevance">How well it fits, from 0 to 1.</param>
/// <param name="Hits">How often the terms stand in it.</param>
/// <param name="Lines">The first lines that have them.</param>
public sealed record FileMatch(string Name, double Relevance, int Hits, IReadOnlyList<LineHit> Lines);
