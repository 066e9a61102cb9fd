using System.Buffers;

namespace EventStreaming.Agents;

/// <summary>The marks that mean something in one place of the output.</summary>
internal sealed class OutputMarkSet
{
    /// <summary>The result of <see cref="Match"/> when what is there may become a mark.</summary>
    public const int Partial = -1;

    // The search for whole marks is by far the faster one, but the end has to be searched for parts of marks, too: in a short text that is most of it.
    private const int Short = 160;

    private static readonly (OutputMark Mark, string Text)[] s_texts =
    [
        (OutputMark.ThinkingStart, "[ORCHESTRATOR_THINKING]"),
        (OutputMark.ThinkingEnd, "[/ORCHESTRATOR_THINKING]"),
        (OutputMark.Query, "---QUERY---"),
        (OutputMark.Results, "---RESULTS---"),
        (OutputMark.Analysis, "---ANALYSIS---"),
        (OutputMark.Citations, "---CITATIONS---"),
        (OutputMark.JsonFence, "```json\n"),
        (OutputMark.JsonFence, "```json\r\n"),
        (OutputMark.VisualizationFence, "```visualization\n"),
        (OutputMark.VisualizationFence, "```visualization\r\n"),
        (OutputMark.FenceEnd, "```"),
    ];

    private readonly (OutputMark Mark, string Text)[] _texts;
    private readonly SearchValues<string> _whole;
    private readonly SearchValues<char> _firsts;
    private readonly string _seconds;

    private OutputMarkSet(params ReadOnlySpan<OutputMark> marks)
    {
        var chosen = marks.ToArray();
        _texts = [.. s_texts.Where(entry => chosen.Contains(entry.Mark))];
        _whole = SearchValues.Create([.. _texts.Select(static entry => entry.Text)], StringComparison.Ordinal);
        _seconds = string.Concat(_texts.Select(static entry => entry.Text[1]).Distinct());
        _firsts = SearchValues.Create([.. _texts.Select(static entry => entry.Text[0]).Distinct()]);
    }

    public static OutputMarkSet InText { get; } = new(
        OutputMark.ThinkingStart, OutputMark.Query, OutputMark.Analysis, OutputMark.Citations, OutputMark.JsonFence, OutputMark.VisualizationFence);

    public static OutputMarkSet InThinking { get; } = new(OutputMark.ThinkingStart, OutputMark.ThinkingEnd);

    public static OutputMarkSet InSection { get; } = new(OutputMark.Query, OutputMark.Results, OutputMark.Analysis, OutputMark.Citations);

    public static OutputMarkSet InFence { get; } = new(OutputMark.FenceEnd);

    /// <summary>Characters of the longest mark of all.</summary>
    public static int Longest { get; } = s_texts.Max(static entry => entry.Text.Length);

    /// <summary>Finds the first mark, or the end of the text that may become one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="previous">The character before it.</param>
    /// <param name="at">Where the mark begins; where there is none, the text's length.</param>
    /// <param name="mark">The mark.</param>
    /// <param name="work">Is increased by the characters looked at.</param>
    /// <returns>The mark's length; 0 when there is none; <see cref="Partial"/> when from there on all is the beginning of one.</returns>
    public int Find(ReadOnlySpan<char> text, char previous, out int at, out OutputMark mark, ref long work)
    {
        at = 0;
        if (text.Length > Short)
        {
            while (text[at..].IndexOfAny(_whole) is var found && found >= 0)
            {
                work += found + 1;
                at += found;
                var length = MatchAt(text, at, previous, out mark, ref work);
                if (length > 0)
                {
                    return length;
                }

                at++;
            }

            work += text.Length - at;
            at = Math.Max(at, text.Length - Longest + 1);
        }

        while (text[at..].IndexOfAny(_firsts) is var found && found >= 0)
        {
            work += found + 1;
            at += found;
            var length = MatchAt(text, at, previous, out mark, ref work);
            if (length != 0)
            {
                return length;
            }

            at++;
        }

        work += text.Length - at;
        at = text.Length;
        mark = default;
        return 0;
    }

    /// <summary>Whether a mark begins where the text does.</summary>
    /// <param name="text">Not empty.</param>
    /// <param name="previous">The character before it: fences stand at the start of a line.</param>
    /// <param name="mark">The mark that is there.</param>
    /// <param name="work">Is increased by the characters compared.</param>
    /// <returns>The mark's length; 0 when there is none; <see cref="Partial"/> when all of the text is the beginning of one.</returns>
    public int Match(ReadOnlySpan<char> text, char previous, out OutputMark mark, ref long work)
    {
        mark = default;
        work += 2;
        if ((text[0] == '`' && previous != '\n') || (text.Length > 1 && !_seconds.Contains(text[1])))
        {
            return 0;
        }

        foreach (var entry in _texts)
        {
            if (text[0] != entry.Text[0])
            {
                continue;
            }

            var common = text.CommonPrefixLength(entry.Text);
            work += common;
            if (common == entry.Text.Length || common == text.Length)
            {
                mark = entry.Mark;
                return common == entry.Text.Length ? common : Partial;
            }
        }

        return 0;
    }

    private int MatchAt(ReadOnlySpan<char> text, int at, char previous, out OutputMark mark, ref long work) =>
        Match(text[at..], at > 0 ? text[at - 1] : previous, out mark, ref work);
}
