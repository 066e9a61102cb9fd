namespace Indexing;

/// <summary>A file that shall be read.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Name">Its path in the directory, with slashes.</param>
/// <param name="Length">Its length in bytes; null when it cannot be told, as of a broken link.</param>
/// <param name="IsLink">Whether it is another file under a second name.</param>
internal sealed record PlannedFile(string Path, string Name, long? Length, bool IsLink = false);
