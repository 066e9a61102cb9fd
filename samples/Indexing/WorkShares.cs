namespace Indexing;

/// <summary>Deals files to workers so that each has about as many bytes to read.</summary>
internal static class WorkShares
{
    /// <summary>Bytes that opening a file is worth, so that many small files are work, too.</summary>
    private const long PerFile = 16 << 10;

    /// <summary>The largest file first, each to whoever has least so far; each share is then in the order of its names.</summary>
    public static IReadOnlyList<IReadOnlyList<PlannedFile>> Deal(IEnumerable<PlannedFile> files, int workers)
    {
        var shares = Enumerable.Range(0, workers).Select(static _ => new List<PlannedFile>()).ToArray();
        var least = new PriorityQueue<int, (long Bytes, int Worker)>(Enumerable.Range(0, workers).Select(static worker => (worker, (0L, worker))));
        foreach (var file in files.OrderByDescending(static file => file.Length ?? 0).ThenBy(static file => file.Name, StringComparer.Ordinal))
        {
            least.TryDequeue(out var worker, out var load);
            shares[worker].Add(file);
            least.Enqueue(worker, (load.Bytes + PerFile + (file.Length ?? 0), worker));
        }

        foreach (var share in shares)
        {
            share.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        }

        return shares;
    }
}
