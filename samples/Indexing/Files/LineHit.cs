namespace Indexing.Files;

/// <summary>A line in which a term was found.</summary>
/// <param name="Line">Which line it is, from 1.</param>
/// <param name="Text">The line, or the beginning of a long one.</param>
public sealed record LineHit(int Line, string Text);
