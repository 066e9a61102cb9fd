using AgentHost.Endpoints;
using AgentHost.Options;
using Indexing.Files;

namespace AgentHost.Runs;

/// <summary>The directories that runs may read: those within the root, wherever links lead.</summary>
internal sealed class RunDirectories(AgentHostOptions options)
{
    /// <summary>Finds one.</summary>
    /// <param name="directory">The directory, absolute or from the root; null for the root.</param>
    /// <param name="physical">Where it is.</param>
    /// <returns>Why it may not be read; null when it may.</returns>
    public Refusal? TryFind(string? directory, out string physical)
    {
        physical = string.Empty;
        if (!PhysicalPath.TryResolve(Path.Combine(options.Root, directory ?? string.Empty), out var found))
        {
            return Refusal.NoSuchDirectory;
        }

        // First, so that nothing is told of what is outside, not even whether it is there.
        if (!IsAllowed(found))
        {
            return Refusal.OutsideRoot;
        }

        physical = found;
        return Directory.Exists(found) ? null : Refusal.NoSuchDirectory;
    }

    /// <summary>Finds the files of one.</summary>
    /// <inheritdoc cref="TryFind(string?, out string)"/>
    public Refusal? TryFind(string? directory, out FileTools? files)
    {
        var refusal = TryFind(directory, out string physical);
        files = refusal is null ? new FileTools(physical, options.Root) : null;
        return refusal;
    }

    /// <summary>Whether a link leads to what may be read.</summary>
    public bool MayFollow(string link) => PhysicalPath.TryResolve(link, out var target) && IsAllowed(target);

    private bool IsAllowed(string physical) => PhysicalPath.IsWithin(physical, options.Root);
}
