using EventStreaming.Benchmarks.Contenders;
using EventStreaming.Benchmarks.Measuring;

namespace EventStreaming.Benchmarks.Figures;

/// <summary>
/// The parser of structured output over plain text with one percent of blocks, in pieces of 20 to 50 characters and of 4 KiB; bytes as UTF-8
/// would have them. Beside it, with the ratio of our time to its own, a pattern over the whole text.
/// </summary>
internal sealed class ParserFigures : IFigureSource
{
    private const string Unit = "MB/s";
    private static readonly Target s_target = Target.AtLeast(200);

    public string Name => "parser";

    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        await using var few = new ParserLoop(ModelOutput.FewWords);
        await using var network = new ParserLoop(ModelOutput.Network);
        await using var fewUtf8 = new ParserLoop(ModelOutput.FewWords, asUtf8: true);
        await using var networkUtf8 = new ParserLoop(ModelOutput.Network, asUtf8: true);
        await using var regex = new RegexLoop();
        var result = Contest.Run(few, network, fewUtf8, networkUtf8, regex);
        return
        [
            new Figure("parser.words", Rate(0), Unit, Target: s_target),
            new Figure("parser.4k", Rate(1), Unit, Target: s_target),
            new Figure("parser.utf8.words", Rate(2), Unit, Target: s_target),
            new Figure("parser.utf8.4k", Rate(3), Unit, Target: s_target),
            new Figure("parser.whole-regex", Rate(4), Unit),
            new Figure("parser.4k.regex", Rate(1), Unit, result.Ratio(1, 4)),
        ];

        double Rate(int contender) => 1_000 / result.Nanoseconds(contender);
    }
}
