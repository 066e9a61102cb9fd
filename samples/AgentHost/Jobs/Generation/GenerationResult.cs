namespace AgentHost.Jobs.Generation;

/// <summary>What came of an iteration: the result in its <c>run.complete</c>.</summary>
/// <param name="Intent">What was wanted.</param>
/// <param name="TotalFiles">How many files there are now.</param>
/// <param name="Changes">How many were changed.</param>
/// <param name="Files">The files, those that were changed first.</param>
/// <param name="IsCut">Whether there was no room for all.</param>
internal sealed record GenerationResult(string Intent, int TotalFiles, int Changes, IReadOnlyList<GeneratedFile> Files, bool IsCut)
{
    /// <summary>The most characters of all files' texts together: an event may not grow with the directory.</summary>
    public const int MaxText = 64 * 1024;

    public static GenerationResult Of(
        Intent intent, IReadOnlyDictionary<string, string> before, IReadOnlyList<PageChange> changes, IReadOnlyDictionary<string, string> after)
    {
        var room = MaxText;
        var isCut = false;
        var files = changes
            .Select(change => new GeneratedFile(change.Name, change.Text is null ? "removed" : before.ContainsKey(change.Name) ? "modified" : "added", change.Text))
            .Concat(after
                .Where(page => changes.All(change => !string.Equals(change.Name, page.Key, StringComparison.Ordinal)))
                .OrderBy(static page => page.Key, StringComparer.Ordinal)
                .Select(static page => new GeneratedFile(page.Key, Change: null, page.Value)))
            .Select(Fit)
            .ToArray();
        return new GenerationResult(intent.Name, after.Count, changes.Count, files, isCut);

        GeneratedFile Fit(GeneratedFile file)
        {
            if (file.Text is { } text && text.Length > room)
            {
                isCut = true;
                return file with { Text = null };
            }

            room -= file.Text?.Length ?? 0;
            return file;
        }
    }
}
