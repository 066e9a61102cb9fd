using Indexing.Files;

namespace AgentHost.Jobs.Generation;

/// <summary>What a prompt wants.</summary>
/// <param name="Name"><c>add</c>, <c>modify</c> or <c>remove</c>.</param>
/// <param name="Terms">What it is about; none: everything.</param>
internal sealed record Intent(string Name, IReadOnlyList<string> Terms)
{
    public const string Add = "add";
    public const string Modify = "modify";
    public const string Remove = "remove";

    private static readonly Dictionary<string, string> Verbs = new(StringComparer.Ordinal)
    {
        ["add"] = Add,
        ["create"] = Add,
        ["make"] = Add,
        ["write"] = Add,
        ["build"] = Add,
        ["generate"] = Add,
        ["modify"] = Modify,
        ["change"] = Modify,
        ["update"] = Modify,
        ["refresh"] = Modify,
        ["rewrite"] = Modify,
        ["remove"] = Remove,
        ["delete"] = Remove,
        ["drop"] = Remove,
    };

    private static readonly HashSet<string> Things = new(["page", "index", "content", "table", "document", "entry", "entrie", "new", "missing", "every", "everything", "directory", "directorie", "folder"], StringComparer.Ordinal);

    /// <summary>Reads it: the first verb that is known says what is wanted; without one, pages are added.</summary>
    public static Intent Detect(string prompt)
    {
        var words = SearchTerms.Of(prompt);
        var verb = words.FirstOrDefault(Verbs.ContainsKey);
        return new Intent(
            verb is null ? Add : Verbs[verb],
            [.. words.Where(static word => !Verbs.ContainsKey(word) && !Things.Contains(word))]);
    }

    /// <summary>Whether a page is meant.</summary>
    public bool IsAbout(string text) => Terms.Count == 0 || Terms.Any(term => text.Contains(term, StringComparison.OrdinalIgnoreCase));
}
