namespace Indexing;

/// <summary>Adds up what was found. For one thread at a time.</summary>
internal sealed class IndexTally
{
    private readonly List<(string File, Marker Marker)> _markers = [];
    private readonly Dictionary<string, List<string>> _byHash = new(StringComparer.Ordinal);

    /// <summary>Files looked at, of whatever kind.</summary>
    public int Files { get; private set; }

    public int TextFiles { get; private set; }

    public int BinaryFiles { get; private set; }

    public int UnreadableFiles { get; private set; }

    public long Lines { get; private set; }

    public long Words { get; private set; }

    public int MarkerCount => _markers.Count;

    /// <summary>The markers, in the order of files and lines.</summary>
    public IEnumerable<(string File, Marker Marker)> Markers =>
        _markers.OrderBy(static found => found.File, StringComparer.Ordinal).ThenBy(static found => found.Marker.Line);

    /// <summary>The names of files with the same content, for each content that several have.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Duplicates =>
    [
        .. _byHash.Values
            .Where(static names => names.Count > 1)
            .Select(static names => names.Order(StringComparer.Ordinal).ToArray())
            .OrderBy(static names => names[0], StringComparer.Ordinal),
    ];

    public void Add(FileReport report)
    {
        Files++;
        switch (report.Kind)
        {
            case FileKind.Binary:
                BinaryFiles++;
                return;
            case FileKind.Unreadable:
                UnreadableFiles++;
                return;
        }

        TextFiles++;
        Lines += report.Lines;
        Words += report.Words;
        _markers.AddRange(report.Markers.Select(marker => (report.File.Name, marker)));

        // A link is not another copy.
        if (report is { Hash: { } hash, File.IsLink: false })
        {
            if (!_byHash.TryGetValue(hash, out var names))
            {
                _byHash[hash] = names = [];
            }

            names.Add(report.File.Name);
        }
    }

    public IndexResult ToResult() =>
        new(TextFiles, Lines, Words, BinaryFiles, UnreadableFiles, MarkerCount, Duplicates.Count);
}
