using System.Diagnostics.CodeAnalysis;

namespace Indexing.Files;

/// <summary>Paths as the file system sees them, with every link on the way followed: a path's text does not say where it leads.</summary>
public static class PhysicalPath
{
    /// <summary>As many as Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <summary>Finds where a path leads. A part that is not there is taken as it is, for whoever opens it to find out.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="physical">The same place, without links and dots.</param>
    /// <returns>False when it cannot be told: the links go in a circle, or the name is no path.</returns>
    public static bool TryResolve(string path, [NotNullWhen(true)] out string? physical)
    {
        physical = null;
        if (!Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            physical = Resolve(path);
            return physical is not null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether a physical path is a directory or is below it.</summary>
    public static bool IsWithin(string physical, string directory) =>
        string.Equals(physical, directory, StringComparison.Ordinal)
        || physical.StartsWith(Path.EndsInDirectorySeparator(directory) ? directory : directory + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string? Resolve(string path)
    {
        var root = Path.GetPathRoot(path)!; // It is fully qualified.
        var reached = root;
        var links = 0;
        var rest = new Stack<string>(PartsOf(path[root.Length..]));
        while (rest.TryPop(out var part))
        {
            if (part is "..")
            {
                // Of where the path has led so far: behind a link that is not where it was named.
                reached = Path.GetDirectoryName(reached) ?? root;
                continue;
            }

            var next = Path.Combine(reached, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                reached = next;
                continue;
            }

            if (++links > MaxLinks)
            {
                return null;
            }

            if (Path.IsPathRooted(target))
            {
                reached = root;
                target = target[Path.GetPathRoot(target)!.Length..]; // It is rooted.
            }

            foreach (var targetPart in PartsOf(target))
            {
                rest.Push(targetPart);
            }
        }

        return reached;
    }

    /// <summary>The last one first, as a stack takes them.</summary>
    private static IEnumerable<string> PartsOf(string path) => path
        .Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
        .Where(static part => part is not ".")
        .Reverse();
}
