using System.Buffers;

namespace EventStreaming.Agents;

/// <summary>The marks that mean something in one place of the output.</summary>
internal sealed class OutputMarkSet
{
    /// <summary>The result of <see cref="Match"/> when what is there may become a mark.</summary>
    public const int Partial = -1;

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
    private readonly SearchValues<char> _firsts;

    private OutputMarkSet(params ReadOnlySpan<OutputMark> marks)
    {
        var chosen = marks.ToArray();
        _texts = [.. s_texts.Where(entry => chosen.Contains(entry.Mark))];
        _firsts = SearchValues.Create([.. _texts.Select(static entry => entry.Text[0]).Distinct()]);
    }

    public static OutputMarkSet InText { get; } = new(
        OutputMark.ThinkingStart, OutputMark.Query, OutputMark.Analysis, OutputMark.Citations, OutputMark.JsonFence, OutputMark.VisualizationFence);

    public static OutputMarkSet InThinking { get; } = new(OutputMark.ThinkingStart, OutputMark.ThinkingEnd);

    public static OutputMarkSet InSection { get; } = new(OutputMark.Query, OutputMark.Results, OutputMark.Analysis, OutputMark.Citations);

    public static OutputMarkSet InFence { get; } = new(OutputMark.FenceEnd);

    /// <summary>Characters of the longest mark of all.</summary>
    public static int Longest { get; } = s_texts.Max(static entry => entry.Text.Length);

    /// <summary>Where a mark might begin, or -1.</summary>
    public int IndexOfFirst(ReadOnlySpan<char> text) => text.IndexOfAny(_firsts);

    /// <summary>Whether a mark begins where the text does.</summary>
    /// <param name="text">Not empty.</param>
    /// <param name="previous">The character before it: fences stand at the start of a line.</param>
    /// <param name="mark">The mark that is there.</param>
    /// <param name="work">Is increased by the characters compared.</param>
    /// <returns>The mark's length; 0 when there is none; <see cref="Partial"/> when all of the text is the beginning of one.</returns>
    public int Match(ReadOnlySpan<char> text, char previous, out OutputMark mark, ref long work)
    {
        foreach (var entry in _texts)
        {
            if (text[0] != entry.Text[0] || (text[0] == '`' && previous != '\n'))
            {
                continue;
            }

            var common = text.CommonPrefixLength(entry.Text);
            work += common + 1;
            if (common == entry.Text.Length || common == text.Length)
            {
                mark = entry.Mark;
                return common == entry.Text.Length ? common : Partial;
            }
        }

        mark = default;
        return 0;
    }
}
