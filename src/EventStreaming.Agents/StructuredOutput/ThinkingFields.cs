namespace EventStreaming.Agents;

/// <summary>The fields of a thinking block: lines that begin with <c>Query:</c> or <c>Reasoning:</c>, each going on to the next one.</summary>
internal static class ThinkingFields
{
    private const string Query = "query";
    private const string Reasoning = "reasoning";

    /// <summary>Reads them.</summary>
    /// <param name="content">What stands between the marks.</param>
    /// <returns>What the block says, and its queries with their reasons when there are several.</returns>
    public static (OutputThinking Thinking, IReadOnlyList<(string Query, string? Reasoning)> Steps) Read(ReadOnlySpan<char> content)
    {
        if (OutputJson.TryParse(content) is { } json && OutputObject.ReadThinking(json) is { } thinking)
        {
            return (thinking, []);
        }

        var reasons = new List<string>();
        var pairs = new List<(string? Query, string? Reasoning)>();
        var isQuery = false;
        var start = 0;
        for (var line = 0; line >= 0; line = NextLine(content, line))
        {
            var length = LabelLength(content[line..], out var isQueryLabel);
            if (length == 0)
            {
                continue;
            }

            Close(content[start..line]);
            isQuery = isQueryLabel;
            start = line + length;
            if (pairs is not [.., var last] || (isQuery ? last.Query : last.Reasoning) is not null)
            {
                pairs.Add(default);
            }
        }

        Close(content[start..]);
        reasons.AddRange(pairs.Where(static pair => pair is { Query: not { Length: > 0 }, Reasoning.Length: > 0 }).Select(static pair => pair.Reasoning!));
        var queries = pairs.Where(static pair => pair.Query is { Length: > 0 }).Select(static pair => (pair.Query!, pair.Reasoning)).ToArray();
        if (queries is [var (query, reasoning)])
        {
            reasons.AddRange(reasoning is { Length: > 0 } ? [reasoning] : []);
            return (new OutputThinking(string.Join('\n', reasons), query), []);
        }

        return (new OutputThinking(string.Join('\n', reasons)), queries);

        void Close(ReadOnlySpan<char> text)
        {
            var value = text.Trim().ToString();
            if (pairs.Count == 0)
            {
                reasons.AddRange(value.Length > 0 ? [value] : []);
            }
            else
            {
                pairs[^1] = isQuery ? (value, pairs[^1].Reasoning) : (pairs[^1].Query, value);
            }
        }
    }

    private static int NextLine(ReadOnlySpan<char> content, int line)
    {
        var end = content[line..].IndexOf('\n');
        return end < 0 ? -1 : line + end + 1;
    }

    /// <summary>How long the label is that the line begins with, or 0. Models put such labels in lists, set them in bold and number them.</summary>
    private static int LabelLength(ReadOnlySpan<char> line, out bool isQuery)
    {
        var rest = line.TrimStart(" \t");
        rest = rest.StartsWith("- ") || rest.StartsWith("* ") ? rest[2..] : rest;
        rest = WithoutBold(rest);
        isQuery = rest.StartsWith(Query, StringComparison.OrdinalIgnoreCase);
        if (!isQuery && !rest.StartsWith(Reasoning, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        rest = rest[(isQuery ? Query.Length : Reasoning.Length)..];
        rest = rest.StartsWith(" ") ? rest[1..] : rest;
        for (var digits = 0; digits < 3 && !rest.IsEmpty && char.IsAsciiDigit(rest[0]); digits++)
        {
            rest = rest[1..];
        }

        rest = WithoutBold(rest);
        return rest.StartsWith(":") ? line.Length - WithoutBold(rest[1..]).Length : 0;
    }

    private static ReadOnlySpan<char> WithoutBold(ReadOnlySpan<char> text) => text.StartsWith("**") ? text[2..] : text;
}
