namespace Indexing;

/// <summary>What a worker found in one file.</summary>
/// <param name="File">The file.</param>
/// <param name="Kind">What it turned out to be; all else is told of text alone.</param>
/// <param name="Lines">Its lines.</param>
/// <param name="Words">Its words.</param>
/// <param name="Markers">Its markers.</param>
/// <param name="Hash">The SHA-256 of its content, in hexadecimal; null when it is empty, as all empty files are alike.</param>
internal sealed record FileReport(PlannedFile File, FileKind Kind, long Lines, long Words, IReadOnlyList<Marker> Markers, string? Hash)
{
    public static FileReport Unread(PlannedFile file, FileKind kind) => new(file, kind, 0, 0, [], null);
}
