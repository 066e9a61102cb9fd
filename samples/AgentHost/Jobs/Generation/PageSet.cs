using EventStreaming.Agents;

namespace AgentHost.Jobs.Generation;

/// <summary>The pages that were generated in a session, by name. Nothing of them is ever written to a disk. Thread-safe.</summary>
internal sealed class PageSet
{
    /// <summary>The most pages.</summary>
    public const int MaxPages = 200;

    /// <summary>The page that lists the others.</summary>
    public const string Root = "INDEX.md";

    private readonly Lock _gate = new();
    private Dictionary<string, string> _pages = new(StringComparer.Ordinal);

    /// <summary>What there is now.</summary>
    public IReadOnlyDictionary<string, string> Pages
    {
        get
        {
            lock (_gate)
            {
                return _pages;
            }
        }
    }

    /// <summary>The page of a directory.</summary>
    public static string NameOf(string directory) => directory.Length == 0 ? Root : $"{directory}/{Root}";

    /// <summary>Makes changes, all at once.</summary>
    /// <returns>What there is then.</returns>
    /// <exception cref="AgentRunException">There would be too many.</exception>
    public IReadOnlyDictionary<string, string> Merge(IReadOnlyList<PageChange> changes)
    {
        lock (_gate)
        {
            var pages = new Dictionary<string, string>(_pages, StringComparer.Ordinal);
            foreach (var change in changes)
            {
                if (change.Text is null)
                {
                    pages.Remove(change.Name);
                }
                else
                {
                    pages[change.Name] = change.Text;
                }
            }

            return pages.Count <= MaxPages
                ? _pages = pages
                : throw new AgentRunException(FormattableString.Invariant($"There would be {pages.Count} pages, and {MaxPages} are the most. Name a smaller directory, or what the pages shall be about."));
        }
    }
}
