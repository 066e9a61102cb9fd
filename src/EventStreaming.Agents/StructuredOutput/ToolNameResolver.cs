using System.Collections.Frozen;

namespace EventStreaming.Agents;

/// <summary>Gives the name that viewers see of a tool or agent, from the id that a model calls it by.</summary>
/// <remarks>Immutable and thread-safe. Every id has a name: one that is neither named nor ruled is put into words.</remarks>
public sealed class ToolNameResolver
{
    private readonly FrozenDictionary<string, string> _names;
    private readonly ToolNameRule[] _rules;

    /// <summary>Creates a resolver.</summary>
    /// <param name="names">Names by id, compared exactly; of an id named twice the last name holds. An id may be given as the model says it, or as the rules leave it.</param>
    /// <param name="rules">Applied in this order, each once, to an id that has no name; null for <see cref="DefaultRules"/>.</param>
    public ToolNameResolver(IEnumerable<KeyValuePair<string, string>> names, IEnumerable<ToolNameRule>? rules = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        _names = names.ToFrozenDictionary(StringComparer.Ordinal);
        _rules = [.. rules ?? DefaultRules];
    }

    /// <summary>Takes off <c>functions.</c>, <c>tools.</c>, <c>default_api.</c>, and <c>mcp__server__</c>.</summary>
    public static IReadOnlyList<ToolNameRule> DefaultRules { get; } =
        [new ToolNameRule("functions."), new ToolNameRule("tools."), new ToolNameRule("default_api."), new ToolNameRule("mcp__", "__")];

    /// <summary>A resolver with no names of its own and the default rules.</summary>
    public static ToolNameResolver Default { get; } = new([]);

    /// <summary>The name of a tool.</summary>
    /// <param name="toolId">The id that the model calls it by.</param>
    /// <returns>
    /// Its name; else that of what the rules leave of the id; else that in words: <c>search_files</c> is "Search files" and
    /// <c>GraphExplorerAgent</c> "Graph Explorer Agent". An id without letters and digits is its own name.
    /// </returns>
    public string Resolve(string toolId)
    {
        ArgumentNullException.ThrowIfNull(toolId);
        if (_names.TryGetValue(toolId, out var name))
        {
            return name;
        }

        var rest = toolId;
        foreach (var rule in _rules)
        {
            rest = rule.Apply(rest);
            if (_names.TryGetValue(rest, out name))
            {
                return name;
            }
        }

        return ToolNameWords.Of(rest);
    }
}
