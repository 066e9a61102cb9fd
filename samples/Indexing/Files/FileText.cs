namespace Indexing.Files;

/// <summary>A file's text.</summary>
/// <param name="Name">The file.</param>
/// <param name="Text">Its text.</param>
/// <param name="IsCut">Whether the file goes on behind it.</param>
public sealed record FileText(string Name, string Text, bool IsCut);
