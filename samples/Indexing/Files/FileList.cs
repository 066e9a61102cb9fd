namespace Indexing.Files;

/// <summary>The files of a directory and of those below it.</summary>
/// <param name="Files">They, in the order of their names.</param>
/// <param name="IsCut">Whether there are more than are listed.</param>
public sealed record FileList(IReadOnlyList<FileEntry> Files, bool IsCut);
