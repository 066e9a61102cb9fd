namespace Indexing;

/// <summary>Finds the files of a directory and of those below it.</summary>
/// <param name="root">The directory.</param>
/// <param name="onUnreadable">Told of a directory below the root that cannot be listed; the walk goes on without it.</param>
/// <param name="mayFollow">Whether a file that is a link may be read, given its full path; null: any may.</param>
internal sealed class FilePlanner(string root, Action<string, Exception> onUnreadable, Func<string, bool>? mayFollow = null)
{
    private static readonly HashSet<string> LeftOut = new([".git", "bin", "obj", "node_modules"], StringComparer.Ordinal);

    /// <summary>The files, in the order of their names. Links to directories are not followed: they may lead back up.</summary>
    /// <exception cref="IOException">The root cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The root may not be listed.</exception>
    public IEnumerable<PlannedFile> Walk()
    {
        var directories = new Stack<DirectoryInfo>([new DirectoryInfo(root)]);
        while (directories.TryPop(out var directory))
        {
            var below = new List<DirectoryInfo>();
            foreach (var entry in List(directory))
            {
                if (entry is FileInfo file)
                {
                    if (Plan(file) is { } planned)
                    {
                        yield return planned;
                    }
                }
                else if (!LeftOut.Contains(entry.Name) && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                {
                    below.Add((DirectoryInfo)entry);
                }
            }

            below.Reverse();
            below.ForEach(directories.Push);
        }
    }

    private static bool CannotBeRead(Exception exception) => exception is IOException or UnauthorizedAccessException;

    private IReadOnlyList<FileSystemInfo> List(DirectoryInfo directory)
    {
        try
        {
            return [.. directory.EnumerateFileSystemInfos().OrderBy(static entry => entry.Name, StringComparer.Ordinal)];
        }
        catch (Exception exception) when (CannotBeRead(exception) && !string.Equals(directory.FullName, root, StringComparison.Ordinal))
        {
            onUnreadable(NameOf(directory), exception);
            return [];
        }
    }

    /// <summary>Null for what is no regular file or may not be read. What cannot be told now is planned: who reads it will tell what is wrong.</summary>
    private PlannedFile? Plan(FileInfo file)
    {
        var isLink = file.Attributes.HasFlag(FileAttributes.ReparsePoint);
        if (isLink && mayFollow?.Invoke(file.FullName) == false)
        {
            return null;
        }

        try
        {
            var length = isLink ? (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo)?.Length : file.Length;
            return length == 0 && !FileTypes.IsRegular(file.FullName) ? null : new PlannedFile(file.FullName, NameOf(file), length, isLink);
        }
        catch (Exception exception) when (CannotBeRead(exception))
        {
            return new PlannedFile(file.FullName, NameOf(file), Length: null, isLink);
        }
    }

    private string NameOf(FileSystemInfo entry) => Path.GetRelativePath(root, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');
}
