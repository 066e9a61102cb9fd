namespace Indexing.Files;

/// <summary>A file that may be read.</summary>
/// <param name="Name">Its path in the directory, with slashes.</param>
/// <param name="Length">Its length in bytes; null when it cannot be told.</param>
public sealed record FileEntry(string Name, long? Length);
