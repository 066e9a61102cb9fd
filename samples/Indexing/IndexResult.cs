namespace Indexing;

/// <summary>What came of the job: the result in the queen's <c>run.complete</c>.</summary>
/// <param name="Files">Text files read.</param>
/// <param name="Lines">Their lines.</param>
/// <param name="Words">Their words.</param>
/// <param name="BinaryFiles">Files left out as binary.</param>
/// <param name="UnreadableFiles">Files that could not be read.</param>
/// <param name="Markers">Markers found.</param>
/// <param name="DuplicateGroups">Contents that several files have.</param>
public sealed record IndexResult(
    int Files, long Lines, long Words, int BinaryFiles, int UnreadableFiles, int Markers, int DuplicateGroups);
