namespace Indexing.Files;

/// <summary>The words of a question that are worth looking for.</summary>
public static class SearchTerms
{
    /// <summary>The most terms of one question.</summary>
    public const int Max = 8;

    private const int ShortestStem = 4;

    private static readonly HashSet<string> LeftOut = new(
        (
            "a about again all an and any are as at be been but by can could did do does file files find for from give had has have how i if in into is it its list look me more of on or our please "
            + "say search shall should show so some tell than that the their them then there these they this to use used was we were what when where which who why will with would you your").Split(' '),
        StringComparer.Ordinal);

    /// <summary>Finds them, in lower case, each once, in their order.</summary>
    public static IReadOnlyList<string> Of(string question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var terms = new List<string>();
        var start = 0;
        for (var i = 0; i <= question.Length && terms.Count < Max; i++)
        {
            if (i < question.Length && (char.IsLetterOrDigit(question[i]) || question[i] == '_'))
            {
                continue;
            }

            var word = question[start..i].ToLowerInvariant();
            var term = Stem(word);
            start = i + 1;
            if (term.Length > 1 && !LeftOut.Contains(word) && !LeftOut.Contains(term) && !terms.Contains(term, StringComparer.Ordinal))
            {
                terms.Add(term);
            }
        }

        return terms;
    }

    /// <summary>Counts where a term begins a word; a capital behind a small letter begins one, too.</summary>
    internal static int CountIn(ReadOnlySpan<char> line, string term)
    {
        var count = 0;
        var at = 0;
        while (line[at..].IndexOf(term, StringComparison.OrdinalIgnoreCase) is var found and >= 0)
        {
            at += found;
            if (at == 0 || !char.IsLetterOrDigit(line[at - 1]) || (char.IsUpper(line[at]) && !char.IsUpper(line[at - 1])))
            {
                count++;
            }

            at += term.Length;
        }

        return count;
    }

    /// <summary>Of a plural, what the singular has, too: a term is looked for as the beginning of words.</summary>
    private static string Stem(string word) =>
        word.Length >= ShortestStem && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1] : word;
}
