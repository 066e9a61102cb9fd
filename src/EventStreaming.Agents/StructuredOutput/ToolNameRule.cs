namespace EventStreaming.Agents;

/// <summary>How a kind of tool ids is shortened: what stands before the tool's own name is taken off.</summary>
/// <param name="Prefix">What such ids start with, compared exactly.</param>
/// <param name="Through">
/// What ends the part behind the prefix that is taken off, too; null when the name follows the prefix. With the prefix <c>mcp__</c> and
/// <c>__</c> here, <c>mcp__github__create_issue</c> becomes <c>create_issue</c>.
/// </param>
public sealed record ToolNameRule(string Prefix, string? Through = null)
{
    /// <summary>The shorter id; the same one when the rule is not for it or nothing would be left.</summary>
    internal string Apply(string toolId)
    {
        if (!toolId.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return toolId;
        }

        var start = Prefix.Length;
        if (Through is not null)
        {
            var end = toolId.IndexOf(Through, start, StringComparison.Ordinal);
            if (end < 0)
            {
                return toolId;
            }

            start = end + Through.Length;
        }

        return start < toolId.Length ? toolId[start..] : toolId;
    }
}
