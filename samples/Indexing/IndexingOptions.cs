namespace Indexing;

/// <summary>What a job shall index, and how.</summary>
/// <param name="Directory">The full path of the directory to index.</param>
/// <param name="Workers">How many workers read in parallel.</param>
public sealed record IndexingOptions(string Directory, int Workers)
{
    /// <summary>The number of the first worker. Where several jobs publish to one topic, no two workers may have the same.</summary>
    public int FirstWorker { get; init; } = 1;

    /// <summary>Whether a file that is a link, given by its full path, may be read; null: any may. One that may not is left out.</summary>
    public Func<string, bool>? MayFollow { get; init; }
}
