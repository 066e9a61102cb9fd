namespace Indexing.Files;

/// <summary>What some files add up to.</summary>
/// <param name="Files">Text files counted.</param>
/// <param name="Lines">Their lines.</param>
/// <param name="Words">Their words.</param>
/// <param name="Markers">Their markers, such as TODO.</param>
public sealed record FileCounts(int Files, long Lines, long Words, int Markers);
